import { createCipheriv, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { json, stubFetch } from '../support/stub-fetch.ts'

const appId = 'wx4f4bc4dec97d474b'
const now = 1_700_000_100_000
const watermark = { timestamp: 1_700_000_000, appid: appId }
const profile = {
  openId: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE',
  nickName: 'aaaaaaaaaaa13800138000',
  gender: 1,
  language: 'zh_CN',
  city: '',
  province: '',
  country: '',
  avatarUrl: 'https://thirdwx.qlogo.cn/mmopen/vi_32/a/132',
  watermark
}
const phone = { phoneNumber: '13800138000', purePhoneNumber: '13800138000', countryCode: '86', watermark }
const mini = new MiniProgram({ appId, appSecret: 'not-a-real-secret', clock: () => now })
const malformed = expect.objectContaining({ code: 'ERR_DECRYPT_MALFORMED' })

function seal(content: unknown, key = randomBytes(16), iv = randomBytes(16)) {
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  const text = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content))
  const encrypted = Buffer.concat([cipher.update(text), cipher.final()])
  return { key, iv, text, encrypted, params: paramsOf(key, iv, encrypted) }
}
const paramsOf = (key: Buffer, iv: Buffer, encrypted: Buffer) => ({
  sessionKey: key.toString('base64'),
  iv: iv.toString('base64'),
  encryptedData: encrypted.toString('base64')
})

/** What somebody without the key can do: start at block `at`, and choose the content of the first block. */
function forge({ key, iv, text, encrypted }: ReturnType<typeof seal>, at: number, wanted: string) {
  const before = at === 0 ? iv : encrypted.subarray((at - 1) * 16, at * 16)
  const known = text.subarray(at * 16, at * 16 + 16)
  const forgedIv = Buffer.from(wanted.padEnd(16).slice(0, 16)).map((byte, index) => {
    return byte ^ (before[index] ?? 0) ^ (known[index] ?? 0)
  })
  return paramsOf(key, Buffer.from(forgedIv), encrypted.subarray(at * 16))
}

describe('a phone number made of somebody else’s words', () => {
  it('is refused by decrypt and by a session', async () => {
    const sealed = seal(profile)
    const forged = forge(sealed, 3, '{"phoneNumber":"')
    expect(() => mini.decrypt(forged)).toThrow(malformed)
    const fetch = stubFetch(() => json({ openid: profile.openId, session_key: sealed.key.toString('base64') }))
    const client = new MiniProgram({ appId, appSecret: 'not-a-real-secret', clock: () => now, fetch })
    const { token } = await client.session.start('CODE')
    await expect(client.session.decrypt(token, forged)).rejects.toThrow(malformed)
    expect(await client.session.decrypt(token, sealed.params)).toEqual(profile)
  })

  it.each(['phoneNumber', 'purePhoneNumber', 'stepInfoList', 'countryCode'])(
    'is refused wherever the border lies: %s',
    (field) => {
      const sealed = seal(profile)
      for (let block = 0; block < sealed.encrypted.length / 16 - 1; block++) {
        for (const start of [`{"${field}":"`, `{"${field}":[`, `{"${field}":`]) {
          expect(() => mini.decrypt(forge(sealed, block, start))).toThrow()
        }
      }
    }
  )
})

it.each([
  ['a profile', profile],
  ['a profile of wx.getUserProfile', { ...profile, openId: undefined }],
  ['a profile with unionId', { ...profile, unionId: 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA' }],
  ['a phone number', phone],
  ['a foreign number', { ...phone, phoneNumber: '+447700900123', purePhoneNumber: '7700900123', countryCode: '44' }],
  ['a group', { openGId: 'tG1', watermark }],
  ['a chat of two', { opengid: '', open_single_roomid: 'r', group_openid: 'g', chat_type: 1, watermark }],
  ['steps', { stepInfoList: [{ timestamp: 1_445_866_601, step: 100 }], watermark }]
])('opens %s', (_, content) => {
  expect(mini.decrypt(seal(content).params)).toEqual(content)
})

it.each([
  ['a phone number in a profile', { ...profile, phoneNumber: '13800138000' }],
  ['a unionId without its openId', { ...profile, openId: undefined, unionId: 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA' }],
  ['half a profile', { gender: 1, city: '', watermark }],
  ['a phone number with parts missing', { phoneNumber: '13800138000', watermark }],
  ['a phone number that contradicts itself', { ...phone, purePhoneNumber: '13900139000' }],
  ['a country code that is not the number’s', { ...phone, phoneNumber: '4413800138000' }],
  ['two kinds in one', { openGId: 'tG1', stepInfoList: [], watermark }],
  ['a field of no kind', { openId: 'o1', role: 'admin', watermark }],
  ['nothing but the watermark', { watermark }],
  ['a watermark from the future', { ...phone, watermark: { ...watermark, timestamp: 1_700_000_100 + 301 } }],
  ['a watermark without a time', { ...phone, watermark: { appid: appId } }],
  [
    'bytes that are not UTF-8',
    Buffer.concat([
      Buffer.from('{"openId":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`","watermark":${JSON.stringify(watermark)}}`)
    ])
  ]
])('refuses %s', (_, content) => {
  expect(() => mini.decrypt(seal(content).params)).toThrow(malformed)
})

describe('an openid made of a name', () => {
  const victim = 'oVICTIM0egBJY1zhBYw2KhdUfwVJ'
  /** Of a name, so placed that a block of the cipher ends where the rest of the wanted text begins. */
  const named = (field: string) => {
    const start = `{"${field}":"`
    const chosen = start + victim.slice(0, 16 - start.length)
    const before = JSON.stringify({ openId: profile.openId, nickName: '' }).length - '"}'.length
    const filler = 'a'.repeat(16 - (before % 16)) + 'a'.repeat(16)
    return { chosen, at: (before + filler.length) / 16 - 1, nickName: filler + victim.slice(16 - start.length) }
  }

  it.each(['openId', 'unionId', 'openGId', 'activityId'])('is refused as %s', (field) => {
    const { chosen, at, nickName } = named(field)
    const sealed = seal({ ...profile, nickName })
    expect(mini.decrypt(sealed.params)).toEqual({ ...profile, nickName })
    expect(() => mini.decrypt(forge(sealed, at, chosen))).toThrow(malformed)
  })
})
