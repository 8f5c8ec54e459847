import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { createSimulator } from '../src/simulator/index.ts'
import { placeOrders } from './support/place-orders.ts'

const ROUNDS = 12
const ROUND_MS = 400
const CONNECTIONS = 16
const TARGET = 0.4

interface Contestant {
  readonly child: ChildProcess
  readonly port: number
  readonly path: string
}

async function start(file: string, side: string): Promise<Contestant> {
  const child = fork(file, [side], { execArgv: [] })
  const at = await new Promise<{ port: number; path: string }>((resolve) =>
    child.once('message', (message) => resolve(message as { port: number; path: string }))
  )
  return { child, ...at }
}

/** Microseconds of processor time that a server has used. */
async function cpuOf({ child }: Contestant): Promise<number> {
  const usage = new Promise<NodeJS.CpuUsage>((resolve) =>
    child.once('message', (message) => resolve(message as NodeJS.CpuUsage))
  )
  child.send('cpu')
  const { user, system } = await usage
  return user + system
}

/** Asks over kept connections, as cheaply as can be, so that the server is what is measured. */
async function ask({ port, path }: Contestant, ms: number): Promise<number> {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  const until = performance.now() + ms
  let done = 0
  const lane = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(request))
      let size = 0
      let received = 0
      socket.setNoDelay(true)
      socket.on('error', reject)
      socket.on('data', (chunk) => {
        if (size === 0) {
          const head = chunk.toString('latin1')
          if (!head.startsWith('HTTP/1.1 200')) reject(new Error(head))
          // All responses of one server have one length.
          size = head.indexOf('\r\n\r\n') + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1])
        }
        received += chunk.length
        if (received < size) return
        received = 0
        done++
        if (performance.now() < until) socket.write(request)
        else socket.end(resolve)
      })
    })
  await Promise.all(Array.from({ length: CONNECTIONS }, lane))
  return done
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const row = (isReached: boolean, text: string): number => {
  console.log(`  ${isReached ? 'ok  ' : 'MISS'} ${text}`)
  return isReached ? 0 : 1
}

const CLI = join(import.meta.dirname, '..', 'dist', 'cli.js')
const FIRST_RESPONSE_MS = 500

async function startCommand(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [CLI, 'simulator', '--port', '0', '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let text = ''
  const url = await new Promise<string>((resolve) =>
    child.stdout.on('data', (chunk) => {
      text += chunk
      const found = /^# (http\S+) — /m.exec(text)?.[1]
      if (found) resolve(found)
    })
  )
  return { child, url }
}

const ORDERS = 2_000
const MEBIBYTES = 150

/** What the command takes of the memory after orders over HTTP, each paid and queried. */
async function memory(): Promise<number> {
  if (!existsSync(CLI)) return 0
  const { child, url } = await startCommand()
  await placeOrders(url, ORDERS)
  const kibibytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' }))
  child.kill()
  const taken = kibibytes / 1024
  return row(taken < MEBIBYTES, `memory after ${ORDERS} paid orders: ${taken.toFixed(0)} MiB (target ${MEBIBYTES})`)
}

/** From the start of the command to its first response, best of five. */
async function firstResponse(): Promise<number> {
  if (!existsSync(CLI)) {
    console.log('  first response: not measured, run `npm run build` first')
    return 0
  }
  const once = async () => {
    const began = performance.now()
    const { child, url } = await startCommand()
    await (await fetch(`${url}/api.weixin.qq.com/cgi-bin/getcallbackip`)).text()
    const took = performance.now() - began
    child.kill()
    return took
  }
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 5; i++) best = Math.min(best, await once())
  return row(
    best < FIRST_RESPONSE_MS,
    `command to first response, best of five: ${best.toFixed(0)} ms (target ${FIRST_RESPONSE_MS})`
  )
}

const ADVANCE_MS = 2_000

/** A day passes while the application hangs and callbacks wait. */
async function advanceWithHangingApplication(): Promise<number> {
  const simulator = createSimulator({ deliver: () => new Promise<Response>(() => {}) })
  const { url } = await simulator.listen({ control: true })
  const people = Array.from({ length: 20 }, (_, i) => simulator.user(`user-${i}`))
  for (const person of people) void person.send('hello')
  const began = performance.now()
  const headers = { 'content-type': 'application/json' }
  await fetch(`${url}/-/advance`, { method: 'POST', headers, body: '{"ms":86400000}' })
  const took = performance.now() - began
  await simulator.close()
  return row(
    took <= ADVANCE_MS,
    `a day passes with a hanging application: ${took.toFixed(0)} ms (target ${ADVANCE_MS})`
  )
}

export async function run(): Promise<number> {
  return (await userInfo()) + (await firstResponse()) + (await memory()) + (await advanceWithHangingApplication())
}

/** `GET /cgi-bin/user/info` of the simulator over HTTP beside a bare `node:http` server, each in a process of its own. */
async function userInfo(): Promise<number> {
  const outfile = join(import.meta.dirname, '..', '.tmp', 'bench-simulator-server.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'support', 'simulator-server.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20'
  })
  const floor = await start(outfile, 'floor')
  const ours = await start(outfile, 'ours')
  for (const one of [floor, ours]) await ask(one, 3 * ROUND_MS)
  const rates: number[] = []
  const costs: { floor: number[]; ours: number[] } = { floor: [], ours: [] }
  const round = async (one: Contestant, cost: number[]) => {
    const before = await cpuOf(one)
    const count = await ask(one, ROUND_MS)
    cost.push(((await cpuOf(one)) - before) / count)
    return count
  }
  for (let i = 0; i < ROUNDS; i++) {
    const isFloorFirst = i % 2 === 0
    const first = isFloorFirst ? await round(floor, costs.floor) : await round(ours, costs.ours)
    const second = isFloorFirst ? await round(ours, costs.ours) : await round(floor, costs.floor)
    rates.push(isFloorFirst ? second / first : first / second)
  }
  for (const { child } of [floor, ours]) child.disconnect()
  const rate = median(rates)
  const cpu = `${median(costs.ours).toFixed(0)} against ${median(costs.floor).toFixed(0)} µs of processor time a call`
  const text = `GET /cgi-bin/user/info over HTTP, 16 connections: ${rate.toFixed(2)} of a bare node:http server`
  return row(rate >= TARGET, `${text} (target ${TARGET.toFixed(2)}), ${cpu}`)
}
