import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { checkOptions, flag, integer, type OptionRules, optional, text } from '../../core/options.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { SimulatorCore } from '../framework/core.ts'
import { type ControlHandler, handleIncoming } from './incoming.ts'

export interface ListenOptions {
  /** 0 (default) takes a free port. */
  port?: number
  /** Loopback address; `127.0.0.1` by default. `0.0.0.0` opens it to a container network. */
  host?: string
  /** HTTPS with a certificate of `simulator.certificateAuthority`; asks for client certificates. */
  tls?: boolean
  /** Serve a page at `/` and a JSON interface under `/-/` from which people act and calls are made to fail. */
  control?: boolean
  /** Largest body that is taken; 64 MiB by default. */
  maxBodyBytes?: number
}

/** A running loopback server. */
export interface SimulatorServer {
  readonly url: string
  readonly port: number
  /** Base URL of an upstream on this server: `baseUrl('api.weixin.qq.com')` → `http://127.0.0.1:9000/api.weixin.qq.com`. */
  baseUrl(host: string): string
  close(): Promise<void>
}

const OPTION_RULES: OptionRules = {
  port: optional(integer(0, 65_535)),
  host: optional(text()),
  tls: optional(flag),
  control: optional(flag),
  maxBodyBytes: optional(integer(1))
}

const DEFAULT_MAX_BODY = 64 * 1024 * 1024

/** @internal */
export async function listen(
  core: SimulatorCore,
  keys: KeyRing,
  options: ListenOptions = {},
  control?: ControlHandler
): Promise<SimulatorServer> {
  checkOptions(options, OPTION_RULES, { owner: 'simulator.listen', product: 'simulator' })
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    handleIncoming(core, request, response, options.maxBodyBytes ?? DEFAULT_MAX_BODY, control).catch(() =>
      response.destroy()
    )
  }
  const sockets = new Set<Socket>()
  let tlsServer: TlsServer | undefined
  const secure = () => {
    tlsServer ??= createTlsServer(
      { ...keys.server(certificateHosts(core)), requestCert: true, rejectUnauthorized: false },
      handler
    )
    return tlsServer
  }
  const server = options.tls ? secure() : createServer(handler)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  // A client that uses the simulator as its HTTP proxy asks for a tunnel to an upstream.
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const [host = ''] = (request.url ?? '').split(':')
    if (!core.service(host)) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    secure().emit('connection', socket)
    return undefined
  })
  const host = options.host ?? '127.0.0.1'
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const url = `${options.tls ? 'https' : 'http'}://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
  return {
    url,
    port,
    baseUrl: (upstream) => `${url}/${upstream}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      })
  }
}

function certificateHosts(core: SimulatorCore): string[] {
  // A star inside of a label is not allowed in a certificate: up*.qiniup.com becomes *.qiniup.com.
  const hosts = core.hostPatterns.map((host) => (host.includes('*') ? host.replace(/^[^.]*\*[^.]*/, '*') : host))
  return [...new Set([...hosts, 'localhost', '127.0.0.1', '::1'])]
}
