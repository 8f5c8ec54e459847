import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

export interface PausableProxy {
  port: number
  /** Bytes are kept and arrive after `resume`, as those of a server that was frozen. */
  pause(): void
  /** Connections break and none is accepted until `resume`, as those of a host that vanished. */
  cut(): void
  resume(): void
  close(): void
}

/** A TCP proxy on a loopback port that can stop in the middle. */
export async function pausableProxy(targetPort: number): Promise<PausableProxy> {
  const sockets = new Set<Socket>()
  let state: 'open' | 'paused' | 'cut' = 'open'
  const server: Server = createServer((inner) => {
    if (state === 'cut') return void inner.destroy()
    const outer = connect(targetPort, '127.0.0.1')
    for (const [from, to] of [
      [inner, outer],
      [outer, inner]
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => void to.write(bytes))
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      if (state === 'paused') from.pause()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    pause: () => {
      state = 'paused'
      for (const socket of sockets) socket.pause()
    },
    cut: () => {
      state = 'cut'
      for (const socket of sockets) socket.destroy()
    },
    resume: () => {
      state = 'open'
      for (const socket of sockets) socket.resume()
    },
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    }
  }
}
