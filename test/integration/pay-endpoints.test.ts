import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'
import { FAMILIES } from '../../src/pay/v2/request.ts'

const FOLDER = new URL('../../src/pay/endpoints/', import.meta.url)

interface Row {
  readonly operation: string
  readonly method: string
  readonly path: string
}

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && 'path' in value && 'method' in value

/** Rows of every table of the v3 client, also of tables that do not exist yet. */
async function v3Rows(): Promise<Row[]> {
  const rows: Row[] = []
  for (const file of readdirSync(FOLDER)) {
    const tables = Object.values((await import(new URL(file, FOLDER).href)) as Record<string, unknown>)
    for (const table of tables)
      if (typeof table === 'object' && table !== null) rows.push(...Object.values(table).filter(isRow))
  }
  return rows
}

const v2Rows = Object.entries(FAMILIES).flatMap(([family, endpoints]) =>
  Object.entries(endpoints).map(([name, { path }]) => ({
    operation: family === 'others' ? 'request' : `${family}.${name}`,
    path
  }))
)

const shape = (path: string) => path.replace(/:\w+|\{\w+\}/g, '*')
const simulated = new Set(createSimulator().pay.endpoints.map(shape))

it('simulates every call of the v2 client', () => {
  const called = v2Rows.map(({ path }) => `POST ${path}`)
  expect(called.length).toBeGreaterThan(20)
  expect(called.filter((one) => !simulated.has(one))).toEqual([])
})

it('simulates every call of the v3 client', async () => {
  const called = (await v3Rows()).map(({ method, path }) => `${method} ${shape(path)}`)
  expect(called.length).toBeGreaterThan(50)
  expect(called.filter((one) => !simulated.has(one))).toEqual([])
})

const sourcesIn = (folder: URL) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))

it('keeps every path of v3 in a table', () => {
  const sources = sourcesIn(new URL('../', FOLDER)).map((source) => source.replace(/\/\*\*[\s\S]*?\*\//g, ''))
  expect(sources.length).toBeGreaterThan(30)
  expect(sources.flatMap((source) => source.match(/['"`]\/v3\/[^'"`]*/g) ?? [])).toEqual([])
})

/** Calls without a method of that name: how a test calls them. */
const CALLED_AS: Readonly<Record<string, string>> = {
  'platformKeys.download': "platformKey: 'certificate'",
  'request /secapi/pay/refundv2': 'refund_quantity'
}

it('drives every call of both clients against the simulator', async () => {
  const tests = sourcesIn(new URL('./', import.meta.url)).join('\n')
  const rows = [...v2Rows, ...(await v3Rows())]
  const isDriven = ({ operation, path }: { operation: string; path: string }) =>
    tests.includes(
      CALLED_AS[operation] ??
        CALLED_AS[`${operation} ${path}`] ??
        (operation === 'request' ? `'${path}'` : `.${operation}(`)
    )
  expect(rows.filter((row) => !isDriven(row)).map(({ operation, path }) => `${operation} ${path}`)).toEqual([])
})
