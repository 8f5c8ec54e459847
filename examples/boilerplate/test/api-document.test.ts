import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readApiDocument } from '../../shared/test/api-document.ts'
import { ERROR_CODES } from '../src/error-codes.ts'
import { type Harness, startHarness } from './harness.ts'

const document = readApiDocument(new URL('../', import.meta.url))

describe('API.md', () => {
  let harness: Harness
  beforeAll(async () => {
    harness = await startHarness()
  })
  afterAll(() => harness.close())

  it.each(document.endpoints)('does not invent %s %s', async (method, path) => {
    const answer = await harness.call(method, path)
    expect(answer.body.error_code).not.toBe(1003)
    expect([404, 405]).not.toContain(answer.status)
  })

  it('lists the endpoints, the error codes and all variables', () => {
    expect(document.endpoints).toHaveLength(7)
    const codes = Object.entries(ERROR_CODES).map(([code, { status }]) => [Number(code), status])
    expect(document.errorCodes.map(([code, status]) => [code, status])).toEqual([[0, 200], ...codes])
    expect(document.variables.filter((name) => !document.text.includes(`\`${name}\``))).toEqual([])
  })
})
