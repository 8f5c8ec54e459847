import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { KeyRing } from '../crypto/key-ring.ts'
import { clientCertificate } from '../framework/client-certificate.ts'
import { ConnectionFault } from '../framework/connection-fault.ts'
import type { SimulatorCore } from '../framework/core.ts'

export interface ListenOptions {
  /** 0 (default) takes a free port. */
  port?: number
  /** Loopback address; `127.0.0.1` by default. `0.0.0.0` opens it to a container network. */
  host?: string
  /** HTTPS with a certificate of `simulator.certificateAuthority`; asks for client certificates. */
  tls?: boolean
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

const DEFAULT_MAX_BODY = 64 * 1024 * 1024

/** @internal */
export async function listen(
  core: SimulatorCore,
  keys: KeyRing,
  options: ListenOptions = {}
): Promise<SimulatorServer> {
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    handle(core, request, response, options.maxBodyBytes ?? DEFAULT_MAX_BODY).catch(() => response.destroy())
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

async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function handle(
  core: SimulatorCore,
  request: IncomingMessage,
  response: ServerResponse,
  limit: number
): Promise<void> {
  const isTls = 'encrypted' in request.socket
  const transport = isTls ? 'https' : 'http'
  const receivedHost = request.headers.host ?? 'localhost'
  const rawUrl = request.url ?? '/'
  const received =
    URL.canParse(rawUrl) && /^https?:/i.test(rawUrl)
      ? new URL(rawUrl)
      : safeUrl(`${transport}://${receivedHost}${rawUrl}`)
  const upstream = received && core.upstreamUrl(received)
  if (!received || !upstream) {
    response.writeHead(404, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({
        error: 'unknown upstream',
        hint: 'Put the upstream host first: /api.weixin.qq.com/cgi-bin/token',
        hosts: core.hostPatterns
      })
    )
    return
  }
  const body = await readBody(request, limit)
  if (!body) {
    response.writeHead(413, { connection: 'close' })
    response.end()
    return
  }
  const headers = new Headers()
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2)
    headers.append(request.rawHeaders[i] ?? '', request.rawHeaders[i + 1] ?? '')
  const peer = isTls ? (request.socket as TLSSocket).getPeerCertificate(false) : undefined
  const abort = new AbortController()
  response.once('close', () => abort.abort())
  try {
    const answer = await core.handle(
      {
        method: request.method ?? 'GET',
        headers,
        body,
        transport,
        receivedTarget: received.pathname + received.search,
        receivedHost,
        remoteAddress: request.socket.remoteAddress,
        signal: abort.signal,
        clientCertificate: peer?.raw ? clientCertificate(peer.raw) : undefined
      },
      upstream
    )
    for (const [name, value] of answer.response.headers) {
      if (name === 'set-cookie') response.appendHeader(name, value)
      else response.setHeader(name, value)
    }
    const hasBody = ![204, 205, 304].includes(answer.response.status)
    if (hasBody && !response.hasHeader('content-length')) response.setHeader('content-length', answer.body.length)
    response.writeHead(answer.response.status)
    if (answer.truncated) {
      response.write(answer.body.subarray(0, answer.body.length >> 1), () => request.socket.destroy())
      return
    }
    response.end(request.method === 'HEAD' || !hasBody ? undefined : answer.body)
  } catch (error) {
    if (!(error instanceof ConnectionFault)) throw error
    if (error.how === 'reset') request.socket.resetAndDestroy?.()
    // A timeout: the connection stays open and silent until the client gives up.
  }
}

function safeUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}
