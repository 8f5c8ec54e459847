import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { FetchHandler } from 'weixin-kit'
import { toNodeHandler } from 'weixin-kit/node'
import type { Simulator, SimulatorOptions } from 'weixin-kit/simulator'
import { listen } from '../support/loopback.ts'

const closers: (() => unknown)[] = []
const root = new URL('../../', import.meta.url)

/** As the examples make it, but over the network: a running simulator, and a server for each handler. */
function networked(create: (options?: SimulatorOptions) => Simulator, options: SimulatorOptions = {}): Simulator {
  const deliver = Object.fromEntries(
    Object.entries((options.deliver ?? {}) as Record<string, FetchHandler>).map(([kind, handler]) => [
      kind,
      served(handler)
    ])
  )
  const simulator = create({ ...options, deliver })
  const server = simulator.listen()
  closers.push(async () => (await server).close())
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const { url: own, baseUrl } = await server
    // Qiniu itself names the hosts of uploads, here those of the running simulator.
    const base = url.host === new URL(own).host ? own : baseUrl(url.host)
    const address = base + url.pathname + url.search
    return globalThis.fetch(input instanceof Request ? new Request(address, input) : address, init)
  }
  return Object.defineProperty(simulator, 'clientOptions', { value: { ...simulator.clientOptions, fetch } })
}

function served(handler: FetchHandler): FetchHandler {
  const started = listen(toNodeHandler(handler))
  closers.push(async () => (await started).close())
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    const body = request.method === 'GET' ? null : await request.text()
    return fetch((await started).url + pathname + search, { method: request.method, headers: request.headers, body })
  }
}

vi.mock('weixin-kit/simulator', async (original) => {
  const real = await original<typeof import('weixin-kit/simulator')>()
  return { ...real, createSimulator: (options?: SimulatorOptions) => networked(real.createSimulator, options) }
})

afterAll(async () => {
  await Promise.all(closers.map((close) => close()))
})

const blocksOf = (page: string) =>
  [...readFileSync(new URL(page, root), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)

/** What a line says that it prints. Sentences, such as "for the page", are not output. */
const outputOf = (code: string) =>
  [...code.matchAll(/^(?:console\.log|await user\.pay)\(.*\) \/\/ (.+)$/gm)]
    .map(([, comment = '']) => comment)
    .filter((comment) => /^(?:paid |hello\.txt |You said: |你说：)/.test(comment))

const folder = fileURLToPath(new URL('.tmp/readme/', root))
mkdirSync(folder, { recursive: true })

describe.each(['README.md', 'README.zh-CN.md'])('the examples of %s run on a running simulator', (page) => {
  const blocks = blocksOf(page)

  it('are the same number as ever', () => {
    expect(blocks).toHaveLength(7)
    expect(blocks.flatMap(outputOf)).toHaveLength(4)
  })

  it.each(blocks.map((code, index) => [index, code] as const))('example %i', async (index, code) => {
    const printed: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((...values) => void printed.push(values.join(' ')))
    const file = `${folder}${page.replace(/\W/g, '-')}-${index}.ts`
    writeFileSync(file, code)
    try {
      await import(file)
    } finally {
      log.mockRestore()
    }
    for (const line of outputOf(code)) expect(printed).toContain(line)
    if (code.includes('console.log(') && !code.includes('export function')) expect(printed).not.toEqual([])
  })
})
