import type { IncomingMessage } from 'node:http'
import { connect, isIP, type Socket } from 'node:net'
import type { SimulatorCore } from '../framework/core.ts'

interface Asked {
  readonly request: IncomingMessage
  readonly socket: Socket
  /** What came in the same packet: often the first message of TLS. */
  readonly head: Buffer
}

/** @internal Answers `CONNECT host:port`: to a simulated host with the simulator, to an allowed one with the real thing. */
export function openTunnel(
  core: SimulatorCore,
  { request, socket, head }: Asked,
  passThrough: readonly string[],
  accept: (socket: Socket) => void
): void {
  socket.on('error', () => socket.destroy())
  const target = URL.canParse(`http://${request.url}`) ? new URL(`http://${request.url}`) : undefined
  const host = target?.hostname ?? ''
  if (core.service(host)) {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    if (head.length > 0) socket.unshift(head)
    accept(socket)
    return
  }
  if (!target || !passThrough.includes(host)) {
    refuse(core, request.url ?? '', socket)
    return
  }
  const upstream = connect(Number(target.port || 80), host, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    if (head.length > 0) upstream.write(head)
    socket.pipe(upstream).pipe(socket)
  })
  upstream.on('error', () => socket.destroy())
  socket.on('close', () => upstream.destroy())
}

function refuse(core: SimulatorCore, target: string, socket: Socket): void {
  const name = target.replace(/:\d+$/, '').slice(0, 200)
  const resolved = isIP(name.replace(/^\[|\]$/g, ''))
    ? 'The program looked the name up itself: let the proxy do it (proxychains: proxy_dns). '
    : ''
  const text = `The simulator has no host ${target.slice(0, 200)} and opens no connections. ${resolved}If this program needs it, start the simulator with --pass-through ${name}.\n`
  core.noteUnknownHost('CONNECT', target, text.trim())
  const body = Buffer.from(text)
  socket.end(
    `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${text}`
  )
}
