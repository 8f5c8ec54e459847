import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'
import { FAMILIES } from '../../src/pay/v2/request.ts'
import { rowsOf } from '../support/pay-rows.ts'

const v2Rows = Object.entries(FAMILIES).flatMap(([family, endpoints]) =>
  Object.entries(endpoints).map(([name, { path, asQuery }]) => ({
    operation: family === 'others' ? 'request' : `${family}.${name}`,
    method: asQuery ? 'GET' : 'POST',
    path
  }))
)

const shape = (path: string) => path.replace(/:\w+|\{\w+\}/g, '*')
const simulated = new Set(createSimulator().pay.endpoints.map(shape))

it('simulates every call of the v2 client', () => {
  const called = v2Rows.map(({ method, path }) => `${method} ${path}`)
  expect(called.length).toBeGreaterThan(20)
  expect(called.filter((one) => !simulated.has(one))).toEqual([])
})

it('simulates every call of the v3 client', () => {
  const called = rowsOf().map(({ method, path }) => `${method} ${shape(path)}`)
  expect(called.length).toBeGreaterThan(50)
  expect(called.filter((one) => !simulated.has(one))).toEqual([])
})

/** Calls without a method of that name: how a test calls them. */
const CALLED_AS: Readonly<Record<string, string>> = {
  'platformKeys.download': "platformKey: 'certificate'",
  'request /secapi/pay/refundv2': 'refund_quantity'
}

it('drives every call of both clients against the simulator', () => {
  const folder = new URL('./', import.meta.url)
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
  const tests = files.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n')
  const rows = [...v2Rows, ...rowsOf()]
  const isDriven = ({ operation, path }: { operation: string; path: string }) =>
    tests.includes(
      CALLED_AS[operation] ??
        CALLED_AS[`${operation} ${path}`] ??
        (operation === 'request' ? `'${path}'` : `.${operation}(`)
    )
  expect(rows.filter((row) => !isDriven(row)).map(({ operation, path }) => `${operation} ${path}`)).toEqual([])
})
