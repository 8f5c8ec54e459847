import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator } from 'weixin-kit/simulator'
import { findErrcode } from '../../../src/wechat-api/errcodes/table.ts'

const SOURCE = fileURLToPath(new URL('../../../src/', import.meta.url))

function sourcesIn(folder: string, except?: string): string {
  const files = readdirSync(join(SOURCE, folder), { recursive: true, withFileTypes: true })
  const texts = files
    .filter((file) => file.isFile() && file.name.endsWith('.ts'))
    .map((file) => join(file.parentPath, file.name))
    .filter((file) => except === undefined || !file.includes(join(SOURCE, except, '/')))
    .map((file) => readFileSync(file, 'utf8'))
  return texts.join('\n').replace(/^\s*(?:\/?\*|\/\/).*$/gm, '')
}

/** Paths between quotes that begin as given, with `*` in place of what a call fills in. */
function pathsIn(source: string, begin: RegExp): string[] {
  const found = new Set<string>()
  for (const [, path = ''] of source.matchAll(/['"`](\/[^'"`\s]*)['"`]/g)) {
    const shape = path.replace(/\$\{[^}]*\}|\{\w+\}|:\w+|\*\w+/g, '*').replace(/[?#].*$/, '')
    if (begin.test(shape)) found.add(shape)
  }
  return [...found].sort()
}

const rows = createSimulator().endpoints.map((row) => {
  const [, path = ''] = /^\S+ [^/]*(\/.*)$/.exec(row) ?? expect.fail(row)
  return path.split('/')
})
// Files are served under any path; that is no call.
const simulated = rows.filter(([, first = '']) => !/^[:*]/.test(first))

/** Whether a row has the path, or begins with it: a client may put a path together from two texts. */
function isSimulated(path: string): boolean {
  const parts = path.split('/')
  return simulated.some((row) => {
    const hasRest = row.at(-1)?.startsWith('*') === true
    if (parts.length > row.length && !hasRest) return false
    return parts.every((part, i) => i >= row.length || part === '*' || part === row[i] || /^[:*]/.test(row[i] ?? ''))
  })
}
/** An example in a message, and the beginning of every path of the sandbox. */
const NO_CALLS = ['/pay/profitsharing', '/xdc/apiv2sandbox']
const missing = (paths: readonly string[]) => paths.filter((path) => !isSimulated(path) && !NO_CALLS.includes(path))

// Read from the source, not from a table of the client: a path beside the table would be missed.
const PRODUCTS: readonly [name: string, source: string, begin: RegExp, least: number][] = [
  [
    'Official Account and Mini Program',
    ['core', 'wechat-api', 'mp', 'miniapp'].map((folder) => sourcesIn(folder)).join('\n'),
    /^\/(?:cgi-bin|wxaapi|wxa|sns|customservice|connect|mp|datacube|card|xpay|wxopen|channels|express|tcb|shop|product|intp|cv|device|semantic|union)\/\w/,
    75
  ],
  ['WeChat Pay v3', sourcesIn('pay', 'pay/v2'), /^\/(?:v3|hk|global)\/\w/, 30],
  [
    'WeChat Pay v2',
    sourcesIn('pay/v2'),
    /^\/(?:pay|secapi|mmpaymkttransfers|mmpaysptrans|tools|risk|papay|payitil|deposit|xdc|sandboxnew|fund|secsvc|appauth|cgi-bin)\/\w/,
    20
  ],
  [
    'Qiniu',
    sourcesIn('qiniu'),
    /^\/(?:$|v\d|stat|chgm|chtype|chstatus|restoreAr|deleteAfterDays|pfop|status|buckets|batch|list|fetch|prefetch|mkblk|mkfile|bput|delete|copy|move|sisyphus)\b/,
    15
  ],
  ['Yunpian', sourcesIn('yunpian'), /^\/v\d\/[\w/]+\.json$/, 30],
  ['Geetest', sourcesIn('geetest'), /^\/[\w/]+\.php$/, 3]
]

describe('every call of a client has a counterpart', () => {
  it.each(PRODUCTS)('%s', (_, source, begin, least) => {
    const paths = pathsIn(source, begin)
    expect(paths.length).toBeGreaterThanOrEqual(least)
    expect(missing(paths)).toEqual([])
  })

  it('and a call without one would be found', () => {
    const source = "get('/cgi-bin/user/infoo') post('/v3/frobnicate/{id}') '/v2/sms/single_sent.json'"
    expect(missing(pathsIn(source, /^\//))).toHaveLength(3)
  })
})

describe('a path that the simulator does not have', () => {
  const { fetch, credentials, clientOptions } = createSimulator()
  const text = async (url: string) => (await fetch(url, { method: 'POST', body: '<xml/>' })).text()

  it('is "not simulated" when WeChat has it', async () => {
    expect(await text('https://api.weixin.qq.com/datacube/getusersummary')).toMatch(/"errcode":501.*not simulated/)
    expect(await text('https://api.weixin.qq.com/cgi-bin/express/business/order/add')).toContain('not simulated')
    expect(await text('https://api.mch.weixin.qq.com/pay/combinedorder')).toContain('not simulated')
    const pay = new WeChatPay({ ...credentials.payV3, ...clientOptions, maxRetries: 0 })
    const call = pay.request({ method: 'GET', path: '/v3/iotmanage/devices' })
    await expect(call).rejects.toMatchObject({ code: 'ERR_WECHAT_PAY', upstreamCode: 'NOT_SIMULATED', status: 404 })
  })

  it('is a mistake otherwise, and a near one is named', async () => {
    const near = await fetch('https://api.weixin.qq.com/cgi-bin/user/infos')
    expect(near.headers.get('x-simulator-hint')).toContain('did you mean /cgi-bin/user/info?')
    expect(await near.json()).toMatchObject({ errcode: 40066 })
    expect(await text('https://api.weixin.qq.com/cgi-bin/nothing')).toContain('"errcode":40066')
    expect(await text('https://api.mch.weixin.qq.com/pay/unifiedorders')).toContain('404')
    const far = await fetch('https://api.mch.weixin.qq.com/pay/unifiedorders', { method: 'POST' })
    expect(far.headers.get('x-simulator-hint')).toContain('did you mean /pay/unifiedorder?')
  })
})

describe('every errcode that a docstring names', () => {
  const documented = new Set<number>()
  for (const folder of ['wechat-api', 'mp', 'miniapp']) {
    for (const file of readdirSync(join(SOURCE, folder), { recursive: true, withFileTypes: true })) {
      if (!file.isFile() || !file.name.endsWith('.ts')) continue
      const lines = readFileSync(join(file.parentPath, file.name), 'utf8').split('\n')
      for (const line of lines.filter((one) => one.includes('{WeChatApiError}'))) {
        const named = line
          .replace(/\([^)]*\)/g, '')
          .replace(/.*\{WeChatApiError\}/, '')
          .replace(/\{.*/, '')
        for (const [, from = '', to] of named.matchAll(/(?<![\d,])(-1|\d{5,7})(?: to (\d{5}))?(?![\d,]*\d)/g))
          for (let code = Number(from); code <= Number(to ?? from); code++) documented.add(code)
      }
    }
  }

  it('has a hint in the client', () => {
    expect(documented.size).toBeGreaterThan(50)
    expect([...documented].filter((errcode) => !findErrcode(errcode)?.hint.en)).toEqual([])
  })

  it('has its text in the simulator', async () => {
    const simulator = createSimulator()
    const silent: number[] = []
    for (const errcode of documented) {
      simulator.fail('/cgi-bin/user/info', { errcode })
      const answer = await simulator.fetch('https://api.weixin.qq.com/cgi-bin/user/info')
      const { errmsg } = (await answer.json()) as { errmsg: string }
      if (/^(?:unknown\b|\s*$)/.test(errmsg)) silent.push(errcode)
    }
    expect(silent).toEqual([])
  })
})
