import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import type { FetchHandler } from 'weixin-kit'
import { Geetest } from 'weixin-kit/geetest'
import { Qiniu } from 'weixin-kit/qiniu'
import { Yunpian } from 'weixin-kit/yunpian'

const qiniu = new Qiniu({ accessKey: 'ak', secretKey: 'sk', bucket: 'photos' })
const yunpian = new Yunpian({ apiKey: '0123456789abcdef0123456789abcdef' })
const geetest = new Geetest({ captchaId: 'id', privateKey: 'key' })
const secret = 'a-secret-of-more-than-16'
const handlers: Record<string, FetchHandler> = {
  'qiniu.callbackHandler': qiniu.callbackHandler({ onUploaded: () => ({}) }),
  'qiniu.uploadTokenHandler': qiniu.uploadTokenHandler({ authorize: () => true, policy: () => ({}) }),
  'yunpian.statusHandler': yunpian.statusHandler({ secret, onStatus: () => undefined }),
  'yunpian.replyHandler': yunpian.replyHandler({ onReply: () => undefined }),
  'yunpian.templateHandler': yunpian.templateHandler({ secret, onReviewed: () => undefined }),
  'geetest.registerHandler': geetest.registerHandler({ session: () => 'one' })
}

it.each(Object.entries(handlers))('%s names the adapter for a request that is not a Request', async (_, handler) => {
  const incoming = new IncomingMessage(new Socket())
  await expect(handler(incoming as never)).rejects.toMatchObject({
    code: 'ERR_INVALID_PARAM',
    message: expect.stringContaining('toNodeHandler(…) of weixin-kit/node')
  })
})
