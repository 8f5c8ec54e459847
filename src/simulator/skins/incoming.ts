import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { ConnectionFault } from '../framework/connection-fault.ts'
import type { SimulatorCore } from '../framework/core.ts'
import { HttpRequest } from './http-request.ts'
import { send, stream, writeHead } from './outgoing.ts'

/** @internal Answers what is for no upstream, or declines. */
export type ControlHandler = (request: Request) => Promise<Response | undefined>

export interface IncomingOptions {
  readonly bodyLimitBytes: number
  readonly control: ControlHandler | undefined
  /** Breaks a connection. */
  reset(socket: Socket): void
}

/** @internal One request of the loopback server. */
export async function handleIncoming(
  core: SimulatorCore,
  request: IncomingMessage,
  response: ServerResponse,
  { bodyLimitBytes, control, reset }: IncomingOptions
): Promise<void> {
  const address = receivedAddress(request)
  const upstream = address && core.upstreamOf(address.host.replace(/:\d+$/, ''), address.target)
  if (!address || (!upstream && !control)) return refuse(core, request, response)
  const body = hasBody(request) ? await readBody(request, bodyLimitBytes) : noBody(request)
  if (!body) {
    response.writeHead(413, { connection: 'close' })
    response.end()
    return
  }
  const received = new HttpRequest(request, response, address.target, body)
  if (!upstream) {
    const call = standardRequest(received, address)
    const answer = call && (await control?.(call))
    if (!answer) return refuse(core, request, response)
    if (answer.headers.get('content-type') === 'text/event-stream') return await stream(response, answer)
    const { status, headers: head } = answer
    return send(response, received.method, { status, head }, new Uint8Array(await answer.arrayBuffer()))
  }
  try {
    const answer = await core.handle(received, upstream)
    if (!answer.truncated) return send(response, received.method, answer, answer.text ?? answer.body)
    writeHead(response, answer, answer.body.length)
    response.write(answer.body.subarray(0, answer.body.length >> 1), () => request.socket.destroy())
  } catch (error) {
    if (!(error instanceof ConnectionFault)) throw error
    if (error.how === 'reset') reset(request.socket)
    // A timeout: the connection stays open and silent until the client gives up.
  }
}

interface Address {
  /** Name and port. */
  readonly host: string
  /** Path and query as they came. */
  readonly target: string
}

function receivedAddress({ url = '/', headers }: IncomingMessage): Address | undefined {
  if (url.startsWith('/')) return { host: headers.host ?? 'localhost', target: url }
  // A client that takes the simulator for its HTTP proxy sends the absolute URL.
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return undefined
  const { host, pathname, search } = new URL(url)
  return { host, target: pathname + search }
}

/** With a name and a password in it, or a path, it would be the host of another URL. */
const HOST = /^[^\s@/\\?#]+$/

function standardRequest(received: HttpRequest, { host, target }: Address): Request | undefined {
  const { method, headers, transport } = received
  const url = `${transport}://${host}${target}`
  // `Request` takes no TRACE.
  if (!HOST.test(host) || !URL.canParse(url) || method === 'TRACE') return undefined
  const body = method === 'GET' || method === 'HEAD' ? null : new Uint8Array(received.body)
  return new Request(url, { method, headers: headers.headers, body })
}

const NO_BODY = new Uint8Array()

function hasBody({ headers }: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers
  return encoding !== undefined || length !== '0'
}

function noBody(request: IncomingMessage): Uint8Array {
  request.resume()
  return NO_BODY
}

async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** @internal A mistake in the simulator, or in a listener of its log: visible, never a connection that only closes. */
export function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || request.socket.destroyed) {
    response.destroy()
    return
  }
  response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
  response.end(`The simulator failed: ${error}\n`)
}

function refuse(core: SimulatorCore, request: IncomingMessage, response: ServerResponse): void {
  const asked = `${request.headers.host ?? ''}${request.url ?? ''}`
  core.noteUnknownHost(request.method ?? 'GET', asked, 'no simulated host: put it first, or send its name in Host')
  const hint = 'Put the upstream host first: /api.weixin.qq.com/cgi-bin/token'
  response.writeHead(404, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: 'unknown upstream', hint, hosts: core.hostPatterns }))
}
