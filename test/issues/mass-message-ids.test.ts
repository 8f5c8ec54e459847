import { expect, it } from 'vitest'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator } from 'weixin-kit/simulator'

// One id in ten began with a zero, which a number on the wire loses.
it('every mass message is found by the id that it was given', async () => {
  const simulator = createSimulator()
  const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
  const openids = ['ming', 'hong'].map((name) => simulator.user(name).openid())
  for (let i = 0; i < 60; i++) {
    const { msg_id } = await mp.massMessages.send(
      { to: 'openids', openids },
      { msgtype: 'text', text: { content: 'x' } }
    )
    expect(await mp.massMessages.get(msg_id)).toBe('SENDING')
  }
  await simulator.close()
})
