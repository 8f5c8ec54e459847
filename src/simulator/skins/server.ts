import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { type AddressInfo, createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net'
import { checkOptions, flag, integer, list, type OptionRules, optional, text } from '../../core/options.ts'
import { ConfigError } from '../../errors/index.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { SimulatorCore } from '../framework/core.ts'
import { type ControlHandler, fail, handleIncoming } from './incoming.ts'
import { openTunnel } from './tunnel.ts'

/** Where the simulator listens. */
export interface ListenOptions {
  /** 0 (default) takes a free port. */
  port?: number | undefined
  /** Loopback address; `127.0.0.1` by default. `0.0.0.0` opens it to a container network. */
  host?: string | undefined
  /** `url` is https. The port takes TLS and plain connections in any case; TLS asks for client certificates. */
  tls?: boolean | undefined
  /** Serve a page at `/` and a JSON interface under `/-/` from which people act and calls are made to fail. */
  control?: boolean | undefined
  /** Largest body that is taken; 64 MiB by default. */
  bodyLimitBytes?: number | undefined
  /** Hosts that a tunnel of the forward proxy may lead to, in reality. Everything else that is not simulated is refused. */
  passThrough?: readonly string[] | undefined
}

/** A running loopback server. */
export interface SimulatorServer {
  readonly url: string
  readonly port: number
  /** The same port as a forward proxy (`HTTPS_PROXY`): tunnels lead to the simulated hosts. */
  readonly proxyUrl: string
  /**
   * Base URL of an upstream on this server: `baseUrl('api.weixin.qq.com')` → `http://127.0.0.1:9000/api.weixin.qq.com`.
   *
   * @param host Name of the upstream host.
   * @returns The URL, without a slash at the end.
   */
  baseUrl(host: string): string
  /**
   * Stops listening and closes all connections.
   *
   * @throws {Error} if the server does not close.
   */
  close(): Promise<void>
}

const OPTION_RULES: OptionRules = {
  port: optional(integer(0, 65_535)),
  host: optional(text()),
  tls: optional(flag),
  control: optional(flag),
  bodyLimitBytes: optional(integer(1)),
  passThrough: optional(list)
}

const DEFAULT_MAX_BODY = 64 * 1024 * 1024
/** First byte of a TLS connection (handshake record). */
const TLS_HANDSHAKE = 22

/** @internal */
export async function listen(
  core: SimulatorCore,
  keys: KeyRing,
  served: readonly string[],
  options: ListenOptions = {},
  control?: ControlHandler
): Promise<SimulatorServer> {
  checkOptions(options, OPTION_RULES, { owner: 'simulator.listen', product: 'simulator' })
  const sockets = new Set<Socket>()
  const { bodyLimitBytes = DEFAULT_MAX_BODY } = options
  const incoming = { bodyLimitBytes, control, reset: (socket: Socket) => resetConnection(sockets, socket) }
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    handleIncoming(core, request, response, incoming).catch((error) => fail(request, response, error))
  }
  let tlsServer: TlsServer | undefined
  const secure = () => {
    tlsServer ??= createTlsServer(
      { ...keys.server(certificateHosts(served)), requestCert: true, rejectUnauthorized: false },
      handler
    )
    return tlsServer
  }
  const plain = createServer(handler)
  // A client that uses the simulator as its HTTP proxy asks for a tunnel to an upstream.
  plain.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    openTunnel(core, { request, socket, head }, options.passThrough ?? [], accept)
  })
  // One port for both: the first byte says which it is. A tunnel to port 80 carries plain HTTP, one to 443 TLS.
  function accept(socket: Socket): void {
    socket.once('data', (first: Buffer) => {
      socket.pause()
      socket.unshift(first)
      const server = first[0] === TLS_HANDSHAKE ? secure() : plain
      server.emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  }
  const server = createNetServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    accept(socket)
  })
  const host = options.host ?? '127.0.0.1'
  await open(server, options.port ?? 0, host)
  const { port } = server.address() as AddressInfo
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const authority = `${shown.includes(':') ? `[${shown}]` : shown}:${port}`
  const url = `${options.tls ? 'https' : 'http'}://${authority}`
  return {
    url,
    port,
    proxyUrl: `http://${authority}`,
    baseUrl: (upstream) => `${url}/${upstream}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      })
  }
}

/** TLS has no reset of its own: what carries it is reset. */
function resetConnection(sockets: Iterable<Socket>, { remotePort, remoteAddress }: Socket): void {
  for (const one of sockets) {
    if (one.remotePort === remotePort && one.remoteAddress === remoteAddress) one.resetAndDestroy()
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken: end the program that has it (another simulator?), or take another port (0 is a free one)',
  EACCES: 'needs rights that this process does not have: take one above 1023',
  EADDRNOTAVAIL: 'cannot be had: the address is not one of this machine'
}

async function open(server: NetServer, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = REASONS[cause.code ?? ''] ?? `cannot be opened (${cause.code ?? cause.message})`
      reject(new ConfigError(`Port ${port} of ${host} ${reason}.`, { option: 'port', cause, product: 'simulator' }))
    })
    server.listen(port, host, resolve)
  })
}

function certificateHosts(served: readonly string[]): string[] {
  // A star inside of a label is not allowed in a certificate: up*.qiniup.com becomes *.qiniup.com.
  const hosts = served.map((host) => (host.includes('*') ? host.replace(/^[^.]*\*[^.]*/, '*') : host))
  return [...new Set(hosts)]
}
