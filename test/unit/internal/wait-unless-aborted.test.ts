import { expect, it } from 'vitest'
import { onAbort } from '../../../src/internal/on-abort.ts'
import { waitUnlessAborted } from '../../../src/internal/wait-unless-aborted.ts'

it('ends with the work or with the reason, whichever is first', async () => {
  const abort = new AbortController()
  expect(await waitUnlessAborted(Promise.resolve(1), abort.signal)).toBe(1)
  const waiting = waitUnlessAborted(new Promise(() => undefined), abort.signal)
  abort.abort('gone')
  await expect(waiting).rejects.toBe('gone')
  await expect(waitUnlessAborted(Promise.reject(new Error('late')), abort.signal)).rejects.toBe('gone')
})

it('takes a signal of which listeners cannot be taken off', async () => {
  const signal = { aborted: false, addEventListener: () => undefined } as unknown as AbortSignal
  const stopWatching = onAbort(signal, () => undefined)
  expect(stopWatching).not.toThrow()
  expect(await waitUnlessAborted(Promise.resolve(1), signal)).toBe(1)
})
