import { type ChildProcess, fork } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { BenchCase } from './case.ts'
import { messageWith, seal } from './gateway-floor.ts'
import type { Kind, Side } from './gateway-server.ts'

const CONNECTIONS = 16
/** Below the packages, so that they are found. */
const BUILD_FOLDER = join(import.meta.dirname, '../node_modules/.cache/weixin-kit-bench')
const REQUESTS = 30_000
const WARM_UP_REQUESTS = 6000

let requests: Buffer[] | undefined
let next = 0

/** Different messages, because a repeated one is answered from the store. Written once: the client must cost little. */
function nextRequest(): Buffer {
  requests ??= Array.from({ length: REQUESTS }, (_, index) => {
    const { encrypt, msgSignature, timestamp, nonce } = seal(
      messageWith(String(5_000_000_000_000_000_000n + BigInt(index)))
    )
    const body = `<xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`
    const query = `signature=${msgSignature}&timestamp=${timestamp}&nonce=${nonce}&openid=oia2TjuEGTNoeX76QEjQNrcURxG8&encrypt_type=aes&msg_signature=${msgSignature}`
    return Buffer.from(
      `POST /wechat?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    )
  })
  next = (next + 1) % REQUESTS
  return requests[next] as Buffer
}

/** As the package is built: the loader that runs this file adds a call to every closure that is made. */
function buildServer(): Promise<string> {
  built ??= build({
    entryPoints: [join(import.meta.dirname, 'gateway-server.ts')],
    outfile: join(BUILD_FOLDER, 'gateway-server.mjs'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    target: 'node20',
    platform: 'node'
  }).then(() => join(BUILD_FOLDER, 'gateway-server.mjs'))
  return built
}
let built: Promise<string> | undefined

/** One keep-alive connection; a response is complete when its content-length has arrived. */
class Connection {
  readonly #socket: Socket
  #done: (() => void) | undefined
  #received = ''

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1')
    this.#socket.on('data', (text) => {
      this.#received += text
      const head = this.#received.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(this.#received)?.[1])
      if (this.#received.length < head + 4 + length) return
      if (!this.#received.startsWith('HTTP/1.1 200') || !this.#received.includes('<Encrypt>')) {
        throw new Error(`unexpected answer: ${this.#received.slice(0, 200)}`)
      }
      this.#received = ''
      this.#done?.()
    })
  }

  exchange(request: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#done = resolve
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }
}

class Client {
  readonly #child: ChildProcess
  readonly #free: Connection[]

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.#free = Array.from({ length: CONNECTIONS }, () => new Connection(port))
  }

  static async start(kind: Kind, side: Side): Promise<Client> {
    const child = fork(await buildServer(), [kind, side])
    const port = await new Promise<number>((resolve, reject) => {
      child.once('message', (message) => resolve(Number(message)))
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    })
    return new Client(child, port)
  }

  async request(): Promise<void> {
    const connection = this.#free.pop()
    if (!connection) throw new Error('no free connection')
    await connection.exchange(nextRequest())
    this.#free.push(connection)
  }

  async warmUp(): Promise<void> {
    let left = WARM_UP_REQUESTS
    const lane = async () => {
      while (left-- > 0) await this.request()
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, lane))
  }

  stop(): void {
    for (const connection of this.#free) connection.close()
    this.#child.disconnect()
  }
}

/** Both servers in processes of their own, so that the client's work is not part of what is compared. */
export function serverCase(name: string, kind: Kind, target: number): BenchCase {
  let floor: Client | undefined
  let ours: Client | undefined
  return {
    name,
    target,
    concurrency: CONNECTIONS,
    setup: async () => {
      nextRequest()
      floor = await Client.start(kind, 'floor')
      ours = await Client.start(kind, 'ours')
      // Until the compiler is through with both.
      for (const client of [floor, ours]) await client.warmUp()
    },
    teardown: async () => {
      floor?.stop()
      ours?.stop()
    },
    floor: () => floor?.request(),
    ours: () => ours?.request()
  }
}
