import { expect, it, vi } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'

it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 1e300, 9e15])('a simulator refuses a step of %s ms', async (ms) => {
  const simulator = createSimulator()
  const before = simulator.clock.now()
  await expect(simulator.clock.advance(ms)).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option: 'ms' })
  expect(simulator.clock.now() - before).toBeLessThan(60_000)
})

it('a token that was just issued has its whole life, however slow the machine is', async () => {
  const simulator = createSimulator()
  const { appId, appSecret } = simulator.credentials.officialAccount
  const query = new URLSearchParams({ grant_type: 'client_credential', appid: appId, secret: appSecret })
  let now = Date.now()
  // A millisecond passes between any two looks at the clock.
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now++)
  try {
    const response = await simulator.fetch(`https://api.weixin.qq.com/cgi-bin/token?${query}`)
    expect(await response.json()).toMatchObject({ expires_in: 7200 })
  } finally {
    clock.mockRestore()
  }
})
