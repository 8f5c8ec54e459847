import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readApiDocument } from '../../shared/test/api-document.ts'
import { ERROR_CODES } from '../src/error-codes.ts'
import { type Harness, startHarness } from './harness.ts'

const document = readApiDocument(new URL('../', import.meta.url))

describe('API.md', () => {
  let harness: Harness
  let uuid: string
  beforeAll(async () => {
    harness = await startHarness()
    const { cookie } = await harness.login(harness.simulator.user())
    const { body } = await harness.call('GET', '/api/current_user/', { headers: { cookie } })
    ;({ uuid } = body.data.wx_user as { uuid: string })
  })
  afterAll(() => harness.close())

  it.each(document.endpoints)('does not invent %s %s', async (method, path) => {
    for (const form of [path, path.replace(/\/$/, '')]) {
      const answer = await harness.call(method, form.replace('<uuid>', uuid))
      expect(answer.body.code).not.toBe(1104)
      expect(answer.status).toBeLessThan(500)
    }
  })

  it('lists the endpoints, the error codes and all variables', () => {
    expect(document.endpoints).toHaveLength(33)
    const codes = Object.entries(ERROR_CODES).map(([code, { status, message }]) => [Number(code), status, message])
    expect(document.errorCodes).toEqual([[0, 200, 'Success'], ...codes])
    expect(document.variables.filter((name) => !document.text.includes(`\`${name}\``))).toEqual([])
  })
})
