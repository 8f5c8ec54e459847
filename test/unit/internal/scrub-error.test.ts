import { afterEach, expect, it, vi } from 'vitest'
import { scrubError } from '../../../src/internal/scrub-error.ts'

afterEach(() => vi.restoreAllMocks())

it.each([
  ['Buffer', Buffer.from('SECRETSECRET')],
  ['DataView', new DataView(new ArrayBuffer(8))],
  ['Float64Array', new Float64Array(8)]
])('does not look at each byte of a %s', (_, body) => {
  const ownKeys = vi.spyOn(Reflect, 'ownKeys')
  const error = Object.assign(new Error('SECRETSECRET was sent'), { body })
  scrubError(error, ['SECRETSECRET'])
  expect(ownKeys.mock.calls.map(([target]) => target)).toEqual([error])
  expect(error.message).toBe('[redacted] was sent')
  expect(error.body).toBe(body)
})
