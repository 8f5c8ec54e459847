import { expect, it } from 'vitest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { createSimulator } from 'weixin-kit/simulator'

// Data of `wx.getUserProfile` has a name and a picture, and neither openId nor unionId.

it('opens a profile that does not say whose it is, under the session of its user', async () => {
  const simulator = createSimulator()
  const mini = new MiniProgram({ ...simulator.credentials.miniProgram, ...simulator.clientOptions })
  const person = simulator.user('ming')
  const { token, openid } = await mini.session.start(person.login())
  const { encryptedData, iv, rawData, signature } = person.encryptedProfile()
  const profile = await mini.session.decrypt(token, { encryptedData, iv, maxAgeSeconds: 300 })
  expect(profile).toMatchObject({ avatarUrl: expect.any(String), watermark: { appid: mini.appId } })
  expect(profile).not.toHaveProperty('openId')
  expect(profile).not.toHaveProperty('unionId')
  const session = await mini.session.find(token)
  expect(session?.openid).toBe(openid)
  expect(mini.verifyRawData({ rawData, signature, sessionKey: session?.session_key ?? '' })).toMatchObject({
    nickName: profile?.nickName
  })
})
