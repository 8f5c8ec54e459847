import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator, type LogEntry, type Simulator } from 'weixin-kit/simulator'
import { ENDPOINTS as GEETEST } from '../../src/geetest/endpoints.ts'
import { ENDPOINTS as QINIU } from '../../src/qiniu/endpoints.ts'
import { YUNPIAN_ENDPOINTS } from '../support/yunpian-endpoints.ts'

const pattern = (path: string) =>
  path
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*\w+$/, '.*')
/** An address that fits the row of a table. */
const example = (path: string) => path.replace(/:\w+/g, 'x').replace(/\*\w+$/, 'x/y')

/** Calls of a client, as `POST host/path`, that no row of the simulator takes. */
function missingIn(simulated: readonly string[], called: readonly string[]): string[] {
  const rows = simulated.map((row) => {
    const [method = '', path = ''] = row.split(' ')
    return new RegExp(`^${method === '*' ? '\\w+' : method} ${pattern(path)}$`)
  })
  return called.filter((call) => !rows.some((row) => row.test(example(call))))
}

const open: Simulator[] = []
function make() {
  const simulator = createSimulator({ seed: 'endpoints' })
  open.push(simulator)
  return simulator
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()))
})

describe('the simulator has every call of', () => {
  it('Qiniu', () => {
    const called = Object.values(QINIU).map(({ method, service, path }) => `${method} ${service}${path}`)
    expect(called.length).toBeGreaterThan(20)
    expect(missingIn(make().qiniu.endpoints, called)).toEqual([])
    expect(missingIn(make().qiniu.endpoints, ['POST rs/frobnicate/:entry', 'PUT up/'])).toHaveLength(2)
  })

  it('Yunpian', () => {
    const called = Object.values(YUNPIAN_ENDPOINTS).map(({ host, path }) => `POST ${host}.yunpian.com${path}`)
    expect(called.length).toBeGreaterThan(30)
    expect(missingIn(make().yunpian.endpoints, called)).toEqual([])
    expect(missingIn(make().yunpian.endpoints, ['POST voice.yunpian.com/v2/sms/single_send.json'])).toHaveLength(1)
  })

  it('Geetest', () => {
    const called = Object.values(GEETEST).map(({ method, host, path }) => `${method} ${host}${path}`)
    expect(called).toHaveLength(3)
    expect(missingIn(make().geetest.endpoints, called)).toEqual([])
  })
})

describe('the tables have every call of', () => {
  // A path beside the table would be missed above.
  it.each([
    [
      'qiniu',
      ['endpoints.ts'],
      /['"`]\/(?:v\d|stat|pfop|status|buckets|batch|list|fetch|prefetch|mkblk|delete|copy|move)\b/
    ],
    ['yunpian', ['flow.ts', 'short-url.ts', 'signs.ts', 'sms.ts', 'tpl.ts', 'users.ts', 'voice.ts'], /['"`]\/v2\/\w/],
    ['geetest', ['endpoints.ts'], /['"`]\/[\w/]+\.php/]
  ])('%s', (folder, tables, path) => {
    const root = new URL(`../../src/${folder}/`, import.meta.url)
    const files = readdirSync(root).filter((name) => !tables.includes(name))
    const withoutComments = (name: string) =>
      readFileSync(new URL(name, root), 'utf8').replace(/^\s*(?:\/?\*|\/\/).*$/gm, '')
    expect(files.filter((name) => path.test(withoutComments(name)))).toEqual([])
  })

  it('Qiniu, also where the official package makes the path', async () => {
    const simulator = make()
    const qiniu = new Qiniu({ ...simulator.credentials.qiniu, ...simulator.clientOptions })
    const { objects, processing } = qiniu
    const bytes = Buffer.alloc(1024 * 1024 + 1, 'x')
    const part = 1024 * 1024
    const streamOf = (data: Uint8Array) => new Blob([new Uint8Array(data)]).stream() as ReadableStream<Uint8Array>
    const store = new Map<string, string>()
    const resume = {
      id: 'job',
      store: {
        get: async (key: string) => store.get(key),
        set: async (key: string, value: string) => void store.set(key, value),
        delete: async (key: string) => void store.delete(key),
        setIfAbsent: async () => true,
        compareAndDelete: async () => true
      }
    }
    const inParts = (options: object = {}) =>
      qiniu.upload(streamOf(bytes), { key: 'large', partSize: part, ...options })

    await qiniu.upload(Buffer.from('small'), { key: 'small' })
    await inParts()
    simulator.fail(/PUT .*\/2$/, { status: 400 })
    await expect(inParts({ resume })).rejects.toMatchObject({ code: 'ERR_QINIU' })
    await inParts({ resume })
    simulator.fail(/PUT .*\/2$/, { status: 400 })
    await expect(inParts()).rejects.toMatchObject({ code: 'ERR_QINIU' })
    // The response is lost and the object is there: its hash decides.
    simulator.fail(/POST .*\/uploads\/\w+$/, 'reset')
    await inParts()

    await objects.stat('small')
    await objects.copy({ from: 'small', to: 'copy' })
    await objects.move({ from: 'copy', to: 'moved' })
    await objects.chgm('moved', { mimeType: 'text/x-a', metadata: { a: 'b' } })
    await objects.chtype('moved', 2)
    await objects.restore('moved', 1)
    await objects.chstatus('moved', 0)
    await objects.deleteAfterDays('moved', 1)
    await objects.delete('moved')
    await objects.batch([{ op: 'stat', object: 'small' }])
    for await (const item of objects.list()) expect(item.key).toBeTruthy()
    simulator.qiniu.source('https://source.example/a', 'content')
    await objects.fetch({ url: 'https://source.example/a', to: 'fetched' })
    simulator.qiniu.bucket(simulator.credentials.qiniu.bucket, { mirror: 'https://source.example' })
    await objects.prefetch('a')
    await objects.buckets()
    await objects.domains()
    const { persistentId } = await processing.pfop({ object: 'small', fops: ['avthumb/mp4'] })
    await processing.status(persistentId)
    // Gives up its parts behind the caller's back.
    await expect.poll(() => [...simulator.log].some(({ method }) => method === 'DELETE')).toBe(true)

    const rows = Object.entries(QINIU).map(([operation, { method, service, path }]) => {
      const host = service === 'up' ? 'up(?:load)?' : service === 'io' ? 'iovip' : service
      return { operation, fits: new RegExp(`^${method} https://${host}[\\w.-]*\\.com${pattern(path)}(?:\\?|$)`) }
    })
    const calls = [...simulator.log].filter(({ direction }) => direction === 'in')
    const fits = ({ method, url }: LogEntry) => rows.filter((row) => row.fits.test(`${method} ${url}`))
    expect(calls.filter((call) => fits(call).length === 0).map(({ method, url }) => `${method} ${url}`)).toEqual([])
    const made = new Set(calls.flatMap(fits).map(({ operation }) => operation))
    expect(Object.keys(QINIU).filter((operation) => !made.has(operation))).toEqual([])
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(objects)).filter((name) => name !== 'constructor')
    const named = Object.keys(QINIU).map((operation) => operation.replace('objects.', ''))
    expect(methods.filter((name) => name !== 'listPage' && !named.includes(name))).toEqual([])
  }, 20_000)
})
