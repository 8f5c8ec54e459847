import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import type { BenchCase } from './case.ts'

const appId = 'wx0123456789abcdef'
const appSecret = 'not-a-real-secret'
const mp = new OfficialAccount({
  appId,
  appSecret,
  accessTokenProvider: { get: async () => 'TOKEN' },
  fetch: async () => Response.json({ errcode: 0, ticket: 'x'.repeat(86), expires_in: 7200 })
})
const mini = new MiniProgram({ appId, appSecret })

const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg'
const url = 'https://m.example.com/shop/item?id=42&from=singlemessage#/detail?tab=1'

function signByHand(): string {
  const nonceStr = 'Wm3WZYTPz0wzccnW'
  const timestamp = 1_414_587_457
  const page = url.split('#', 1)[0]
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${page}`
  return createHash('sha1').update(text).digest('hex')
}

/** All that a page needs, with a ticket in a variable. */
async function configByHand(jsApiList: readonly string[]) {
  const nonceStr = randomBytes(16).toString('hex')
  const timestamp = Math.floor(Date.now() / 1000)
  const { protocol } = new URL(url)
  if (protocol !== 'https:') throw new Error('no page')
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url.split('#', 1)[0]}`
  const signature = createHash('sha1').update(text).digest('hex')
  return { appId, timestamp, nonceStr, signature, jsApiList: [...jsApiList] }
}

const key = randomBytes(16)
const vector = randomBytes(16)
const profile = {
  openId: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE',
  nickName: '微信用户 Band',
  gender: 1,
  language: 'zh_CN',
  city: 'Guangzhou',
  province: 'Guangdong',
  country: 'CN',
  avatarUrl:
    'https://wx.qlogo.cn/mmopen/vi_32/aSKcBBPpibyKNicHNTMM0qJVh8Kjgiak2AHWr8MHM4WgMEm7GFhsf8OYrySdbvAMvTsw3mo8/0',
  unionId: 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA',
  watermark: { timestamp: 1_477_314_187, appid: appId }
}
const cipher = createCipheriv('aes-128-cbc', key, vector)
const sealed = Buffer.concat([cipher.update(JSON.stringify(profile)), cipher.final()])
const data = {
  sessionKey: key.toString('base64'),
  iv: vector.toString('base64'),
  encryptedData: sealed.toString('base64')
}

function decryptByHand({ sessionKey, iv, encryptedData }: typeof data): typeof profile {
  const rawKey = Buffer.from(sessionKey, 'base64')
  const rawIv = Buffer.from(iv, 'base64')
  const bytes = Buffer.from(encryptedData, 'base64')
  if (rawKey.length !== 16 || rawIv.length !== 16 || bytes.length % 16 !== 0) throw new Error('lengths')
  const decipher = createDecipheriv('aes-128-cbc', rawKey, rawIv)
  const content = JSON.parse(decipher.update(bytes, undefined, 'utf8') + decipher.final('utf8')) as typeof profile
  if (content.watermark?.appid !== appId) throw new Error('appid')
  return content
}

export const cases: BenchCase[] = [
  {
    name: 'JS-SDK signature, ticket at hand',
    target: 0.8,
    floor: signByHand,
    ours: () => mp.jssdk.sign({ ticket, url, nonceStr: 'Wm3WZYTPz0wzccnW', timestamp: 1_414_587_457 })
  },
  {
    name: 'JS-SDK config, ticket in the cache',
    target: 0.8,
    floor: () => configByHand(['chooseImage', 'previewImage']),
    ours: () => mp.jssdk.config({ url, jsApiList: ['chooseImage', 'previewImage'] })
  },
  {
    name: 'mini program decrypt, watermark checked',
    target: 0.9,
    floor: () => decryptByHand(data),
    ours: () => mini.decrypt(data)
  }
]
