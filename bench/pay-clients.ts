import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify
} from 'node:crypto'
import { WeChatPay } from '../src/pay/index.ts'
import type { BenchCase } from './case.ts'

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' }
  })
const merchant = pair()
const platform = pair()
const apiV3Key = 'a'.repeat(32)
const certSerial = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1'
const platformId = 'PUB_KEY_ID_0119000001092024010100000001'
const now = Date.UTC(2026, 2, 1)
const time = Math.floor(now / 1000)
const appId = 'wxd678efh567hg6787'

const optionsOf = (mchId: string) => ({
  appId,
  mchId,
  apiV3Key,
  privateKey: merchant.privateKey,
  certSerial,
  platformKeys: { [platformId]: platform.publicKey },
  notifyUrl: 'https://shop.example.com/n',
  clock: () => now
})

const order = {
  out_order_no: 'R202603010001',
  service_id: '2002000000000558128851361561536',
  service_introduction: '共享雨伞',
  risk_fund: { name: 'DEPOSIT', amount: 3000 },
  time_range: { start_time: 'OnAccept' }
} as const
const responseBody = JSON.stringify({ ...order, appid: appId, mchid: '1900000109', state: 'CREATED', package: 'AAQ' })
const nonce = 'fixed'
const platformKey = createPrivateKey(platform.privateKey)
const signature = sign('sha256', Buffer.from(`${time}\n${nonce}\n${responseBody}\n`), platformKey).toString('base64')
const respond = () =>
  new Response(responseBody, {
    headers: {
      'content-type': 'application/json',
      'wechatpay-timestamp': String(time),
      'wechatpay-nonce': nonce,
      'wechatpay-serial': platformId,
      'wechatpay-signature': signature
    }
  })

const pay = new WeChatPay({ ...optionsOf('1900000109'), fetch: async () => respond() })
const privateKey = createPrivateKey(merchant.privateKey)
const publicKey = createPublicKey(platform.publicKey)

function authorize(method: string, path: string, body: string): string {
  const once = randomBytes(16).toString('hex')
  const message = `${method}\n${path}\n${time}\n${once}\n${body}\n`
  const made = sign('sha256', Buffer.from(message), privateKey).toString('base64')
  return `WECHATPAY2-SHA256-RSA2048 mchid="1900000109",nonce_str="${once}",signature="${made}",timestamp="${time}",serial_no="${certSerial}"`
}

/** By hand: signed, "sent", verified, parsed. */
async function createOrder(): Promise<unknown> {
  const body = JSON.stringify({ ...order, appid: appId, notify_url: 'https://shop.example.com/n' })
  const path = '/v3/payscore/serviceorder'
  const headers = { authorization: authorize('POST', path, body), 'content-type': 'application/json' }
  const request = new Request(`https://api.mch.weixin.qq.com${path}`, { method: 'POST', headers, body })
  const response = request.url && respond()
  const bytes = Buffer.from(await (response || respond()).arrayBuffer())
  const message = Buffer.concat([Buffer.from(`${time}\n${nonce}\n`), bytes, Buffer.from('\n')])
  if (!verify('sha256', message, publicKey, Buffer.from(signature, 'base64'))) throw new Error('signature')
  return JSON.parse(bytes.toString('utf8'))
}

const CLIENTS = 2_000
let index = 0

export const cases: BenchCase[] = [
  {
    name: `construction of a client, one of ${CLIENTS} merchants (against reading the keys only)`,
    target: 1,
    floor: () => [
      createPrivateKey(merchant.privateKey),
      createPublicKey(platform.publicKey),
      createSecretKey(Buffer.from(apiV3Key))
    ],
    ours: () => new WeChatPay(optionsOf(String(1_900_000_000 + (index++ % CLIENTS))))
  },
  {
    name: 'authorization({ method, path })',
    target: 0.9,
    floor: () => authorize('GET', '/v3/certificates', ''),
    ours: () => pay.authorization({ method: 'GET', path: '/v3/certificates' })
  },
  {
    name: 'payscore.create: check, sign, verify, compare the response',
    target: 0.6,
    floor: createOrder,
    ours: () => pay.payscore.create(order)
  }
]
