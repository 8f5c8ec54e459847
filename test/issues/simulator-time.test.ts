import { expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'

it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 1e300, 9e15])('a simulator refuses a step of %s ms', async (ms) => {
  const simulator = createSimulator()
  const before = simulator.clock.now()
  await expect(simulator.clock.advance(ms)).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option: 'ms' })
  expect(simulator.clock.now() - before).toBeLessThan(60_000)
})
