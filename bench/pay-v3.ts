import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  randomBytes,
  sign,
  verify
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { randomNonce } from '../src/internal/random.ts'
import { WeChatPay } from '../src/pay/index.ts'
import { signRequest } from '../src/pay/sign-request.ts'
import type { BenchCase } from './case.ts'

const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../test/vectors/${name}.json`, import.meta.url), 'utf8'))
const { keys } = vectors('pay-v3-authorization') as { keys: Record<string, string> }
const sensitive = vectors('pay-v3-sensitive').keys as Record<string, string>
const notice = vectors('pay-v3-resource').vectors.find(({ id }: { id: string }) => id === 'transaction-success')
  .input as {
  apiV3Key: string
  headers: Record<string, string>
  rawBody: string
  now: number
}

const mchId = '1900000109'
const serial = keys.merchantSerialNo ?? ''
const privateKey = createPrivateKey(keys.merchantPrivateKey ?? '')
const target = '/v3/pay/transactions/jsapi'
const order = JSON.stringify({
  appid: 'wxd678efh567hg6787',
  mchid: mchId,
  description: 'Image形象店-深圳腾大-QQ公仔',
  out_trade_no: '1217752501201407033233368018',
  notify_url: 'https://www.example.com/wxpay/pay.php',
  amount: { total: 100, currency: 'CNY' },
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' }
})

/** By hand: a kept key, the signature made at once. */
function authorize(): string {
  const timestamp = Math.floor(Date.now() / 1000)
  const nonce = randomBytes(16).toString('hex')
  const message = `POST\n${target}\n${timestamp}\n${nonce}\n${order}\n`
  const signature = sign('sha256', Buffer.from(message), privateKey).toString('base64')
  return `WECHATPAY2-SHA256-RSA2048 mchid="${mchId}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`
}

const signer = { mchId, serial, privateKey }
const request = { method: 'POST', target, body: order }

const platformId = notice.headers['Wechatpay-Serial'] ?? ''
const platformKey = createPublicKey(sensitive.recipientPublicKey ?? '')
const secret = createSecretKey(Buffer.from(notice.apiV3Key))
const rawBody = Buffer.from(notice.rawBody)
const headers = Object.fromEntries(Object.entries(notice.headers).map(([name, value]) => [name.toLowerCase(), value]))
const platform = new Map([[platformId, platformKey]])

/** By hand, with every check: time, serial, signature, tag, merchant. */
function receive(): unknown {
  const timestamp = headers['wechatpay-timestamp'] ?? ''
  const signature = headers['wechatpay-signature'] ?? ''
  const key = platform.get(headers['wechatpay-serial'] ?? '')
  if (!key || signature.startsWith('WECHATPAY/SIGNTEST/')) throw new Error('serial')
  if (Math.abs(notice.now - Number(timestamp)) > 300) throw new Error('time')
  const message = Buffer.concat([
    Buffer.from(`${timestamp}\n${headers['wechatpay-nonce']}\n`),
    rawBody,
    Buffer.from('\n')
  ])
  if (!verify('sha256', message, key, Buffer.from(signature, 'base64'))) throw new Error('signature')
  const envelope = JSON.parse(rawBody.toString('utf8'))
  const { ciphertext, nonce, associated_data: aad } = envelope.resource
  const bytes = Buffer.from(ciphertext, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', secret, Buffer.from(nonce), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(aad ?? ''))
  decipher.setAuthTag(bytes.subarray(-16))
  const plain = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()])
  const resource = JSON.parse(plain.toString('utf8'))
  if (resource.mchid !== mchId) throw new Error('merchant')
  return { ...envelope, resource }
}

const pay = new WeChatPay({
  mchId,
  apiV3Key: notice.apiV3Key,
  privateKey,
  certSerial: serial,
  platformKeys: { [platformId]: sensitive.recipientPublicKey ?? '' },
  clock: () => notice.now * 1000
})

export const cases: BenchCase[] = [
  {
    name: 'Authorization, one at a time',
    target: 0.9,
    floor: authorize,
    ours: () => signRequest(request, signer, Date.now(), randomNonce())
  },
  {
    name: 'Authorization, 16 at once (on the thread pool)',
    target: 1.3,
    concurrency: 16,
    floor: authorize,
    ours: () => signRequest(request, signer, Date.now(), randomNonce())
  },
  {
    name: 'notification: verify, decrypt, parse, compare the merchant',
    target: 0.9,
    floor: receive,
    ours: () => pay.parseNotification({ headers, body: rawBody })
  }
]
