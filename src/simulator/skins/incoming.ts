import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { clientCertificate } from '../framework/client-certificate.ts'
import { ConnectionFault } from '../framework/connection-fault.ts'
import type { SimulatorCore } from '../framework/core.ts'
import { RawHeaders } from '../framework/raw-headers.ts'

/** @internal Answers what is for no upstream, or declines. */
export type ControlHandler = (request: Request) => Promise<Response | undefined>

const NULL_BODY = [204, 205, 304]

export interface IncomingOptions {
  readonly bodyLimitBytes: number
  readonly control: ControlHandler | undefined
  /** Breaks the connection of this request. */
  reset(): void
}

/** @internal One request of the loopback server. */
export async function handleIncoming(
  core: SimulatorCore,
  request: IncomingMessage,
  response: ServerResponse,
  { bodyLimitBytes, control, reset }: IncomingOptions
): Promise<void> {
  const received = receivedUrl(request)
  const upstream = received && core.upstreamUrl(received)
  if (!received || (!upstream && !control)) return refuse(core, request, response)
  const body = await readBody(request, bodyLimitBytes)
  if (!body) {
    response.writeHead(413, { connection: 'close' })
    response.end()
    return
  }
  const method = request.method ?? 'GET'
  const headers = new RawHeaders(request.rawHeaders)
  if (!upstream) {
    const hasBody = method !== 'GET' && method !== 'HEAD'
    const answer = await control?.(
      new Request(received, { method, headers: headers.headers, ...(hasBody ? { body } : {}) })
    )
    if (!answer) return refuse(core, request, response)
    if (answer.headers.get('content-type') === 'text/event-stream') return await stream(response, answer)
    return send(response, method, answer, new Uint8Array(await answer.arrayBuffer()))
  }
  const isTls = 'encrypted' in request.socket
  const peer = isTls ? (request.socket as TLSSocket).getPeerCertificate(false) : undefined
  // A signal costs more than the rest of a call: only where somebody asks for it.
  let abort: AbortController | undefined
  response.once('close', () => {
    if (!response.writableFinished) abort?.abort()
  })
  try {
    const answer = await core.handle(
      {
        method,
        headers,
        body,
        transport: isTls ? 'https' : 'http',
        receivedTarget: received.pathname + received.search,
        receivedHost: request.headers.host ?? received.host,
        remoteAddress: request.socket.remoteAddress,
        get signal() {
          abort ??= new AbortController()
          if (request.socket.destroyed) abort.abort()
          return abort.signal
        },
        clientCertificate: peer?.raw ? clientCertificate(peer.raw) : undefined
      },
      upstream
    )
    if (!answer.truncated) return send(response, method, answer, answer.text ?? answer.body)
    writeHead(response, answer, answer.body.length)
    response.write(answer.body.subarray(0, answer.body.length >> 1), () => request.socket.destroy())
  } catch (error) {
    if (!(error instanceof ConnectionFault)) throw error
    if (error.how === 'reset') reset()
    // A timeout: the connection stays open and silent until the client gives up.
  }
}

/** Events as they come, until the page goes away. */
async function stream(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  const reader = answer.body?.getReader()
  response.once('close', () => void reader?.cancel())
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) response.write(part.value)
  response.end()
}

function receivedUrl(request: IncomingMessage): URL | undefined {
  const scheme = 'encrypted' in request.socket ? 'https' : 'http'
  const target = request.url ?? '/'
  // A client that takes the simulator for its HTTP proxy sends the absolute URL.
  const text = /^https?:/i.test(target) ? target : `${scheme}://${request.headers.host ?? 'localhost'}${target}`
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

const NO_BODY = new Uint8Array()

async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding === undefined && (length === undefined || length === '0')) {
    request.resume()
    return NO_BODY
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function refuse(core: SimulatorCore, request: IncomingMessage, response: ServerResponse): void {
  const asked = `${request.headers.host ?? ''}${request.url ?? ''}`
  core.noteUnknownHost(request.method ?? 'GET', asked, 'no simulated host: put it first, or send its name in Host')
  const hint = 'Put the upstream host first: /api.weixin.qq.com/cgi-bin/token'
  response.writeHead(404, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: 'unknown upstream', hint, hosts: core.hostPatterns }))
}

type Head = Pick<Response, 'status' | 'headers'>

function writeHead(response: ServerResponse, answer: Head, length: number): void {
  const head: Record<string, string | number | string[]> = {}
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') head[name] = value
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) head['set-cookie'] = cookies
  if (!NULL_BODY.includes(answer.status)) head['content-length'] ??= length
  response.writeHead(answer.status, head)
}

/** A text goes out with the head in one piece. */
function send(response: ServerResponse, method: string, answer: Head, body: string | Uint8Array): void {
  writeHead(response, answer, typeof body === 'string' ? Buffer.byteLength(body) : body.length)
  response.end(method === 'HEAD' || NULL_BODY.includes(answer.status) ? undefined : body)
}
