import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CONSOLE_LOGGER } from '../../../src/core/console-logger.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  // A minute after whatever was printed before.
  vi.setSystemTime(Date.now() + 120_000)
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

it('prints a line once a minute', () => {
  for (let i = 0; i < 3; i++) CONSOLE_LOGGER.warn?.('refused', { code: 'ERR_A' })
  expect(console.warn).toHaveBeenCalledTimes(1)
  vi.setSystemTime(Date.now() + 60_000)
  CONSOLE_LOGGER.warn?.('refused', { code: 'ERR_A' })
  expect(console.warn).toHaveBeenCalledTimes(2)
})

it('forged requests, each with another line, do not hide a callback that fails', () => {
  for (let age = 0; age < 1_000; age++) CONSOLE_LOGGER.error?.(`is ${age} s old`, { code: 'ERR_SIGNATURE_EXPIRED' })
  expect(console.error).toHaveBeenCalledTimes(10)
  CONSOLE_LOGGER.error?.('notifyHandler: Error: the database is gone', { product: 'pay', code: undefined })
  expect(console.error).toHaveBeenLastCalledWith('notifyHandler: Error: the database is gone', expect.anything())
})
