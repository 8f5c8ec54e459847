import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Geetest } from 'weixin-kit/geetest'
import { OfficialAccount } from 'weixin-kit/mp'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator } from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'

// The "Test it" parts of the guides, run as they stand there.

it('is told of an upload', async () => {
  const simulator = createSimulator({ deliver: (request) => callback(request) })
  const qiniu = new Qiniu({ ...simulator.credentials.qiniu, ...simulator.clientOptions })
  const keys: unknown[] = []
  const callback = qiniu.callbackHandler({ onUploaded: ({ key }) => void keys.push(key) })
  await qiniu.upload(new TextEncoder().encode('hello'), {
    key: 'a.txt',
    policy: { callbackUrl: 'https://shop.example.com/qiniu/callback', callbackBody: 'key=$(key)' }
  })
  expect(keys).toEqual(['a.txt'])
})

it('keeps a picture', async () => {
  const simulator = createSimulator()
  const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
  const qiniu = new Qiniu({ ...simulator.credentials.qiniu, ...simulator.clientOptions })
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
  const { media_id = '' } = await mp.media.upload({ type: 'image', data: jpeg, fileName: 'a.jpg' })
  await qiniu.transferMedia({ from: mp.media, mediaId: media_id, key: 'a.jpg' })
  expect(simulator.qiniu.object('a.jpg')?.data).toEqual(new Uint8Array(jpeg))
})

it('signs in', async () => {
  const simulator = createSimulator()
  const geetest = new Geetest({ ...simulator.credentials.geetest, ...simulator.clientOptions })
  const yunpian = new Yunpian({ ...simulator.credentials.yunpian, ...simulator.clientOptions })
  const codes = yunpian.verificationCode()

  const { challenge } = await geetest.register({ session: 's1' })
  const form = { ...simulator.geetest.solve(challenge.challenge) }
  expect(await geetest.validate({ session: 's1', form })).toMatchObject({ ok: true })

  await codes.send('13800138000', (code, mobile) =>
    yunpian.sms.singleSend({ mobile, text: `【Shop】您的验证码是${code}` })
  )
  const code = simulator.yunpian.latest('13800138000')?.code ?? ''
  expect(await codes.check('13800138000', code)).toEqual({ ok: true })
})

it('the guides still say so', () => {
  const own = readFileSync(new URL(import.meta.url), 'utf8')
  for (const guide of ['qiniu-upload', 'media-to-qiniu', 'sms-login']) {
    const page = readFileSync(new URL(`../../docs/en/${guide}.md`, import.meta.url), 'utf8')
    const example = /\nit\([\s\S]*?\n}\)\n/.exec(page.slice(page.indexOf('## Test it')))?.[0]
    expect(own).toContain(example)
  }
})
