import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { memoryStore } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { MiniProgram } from 'weixin-kit/miniapp'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import {
  createSimulator,
  signedGatewayMessage,
  signedPayNotification,
  signedPayV3Notification,
  signedQiniuCallback,
  signedRefundNotification,
  yunpianReplyPush
} from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'
import { signPayV2 } from '../../../src/simulator/crypto/pay-v2.ts'
import { mutateFields, mutateText } from './mutate-text.ts'
import { NOTICES } from './pay-notices.ts'
import type { SeededRandom } from './random.ts'

/** A message as it arrives: the address, the headers and the body, or the three texts of a login. */
export interface Wire {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Receiver {
  readonly name: string
  genuine(): Promise<readonly Wire[]>
  mutate(wire: Wire, random: SeededRandom): Wire
  /** What was believed; `undefined` for what was refused without an error. */
  receive(wire: Wire): Promise<unknown>
}

const { credentials } = createSimulator()
const { payV3, payV2, qiniu, miniProgram } = credentials

const wireOf = async (request: Request): Promise<Wire> => ({
  url: request.url,
  headers: Object.fromEntries(request.headers),
  body: await request.text()
})
const wires = (requests: readonly Request[]) => Promise.all(requests.map(wireOf))

/** `undefined` where a platform of HTTP refuses it before us. */
function requestOf({ url, headers, body }: Wire): Request | undefined {
  try {
    return new Request(url, { method: 'POST', headers, body })
  } catch {
    return undefined
  }
}

function mutateWire(wire: Wire, random: SeededRandom, of: readonly ('body' | 'headers' | 'query' | 'path')[]): Wire {
  switch (random.pick(of)) {
    case 'body':
      return { ...wire, body: mutateText(wire.body, random) }
    case 'headers':
      return { ...wire, headers: mutateFields(wire.headers, random) }
    case 'query': {
      const url = new URL(wire.url)
      url.search = String(new URLSearchParams(mutateFields(Object.fromEntries(url.searchParams), random)))
      return { ...wire, url: url.href }
    }
    case 'path':
      return { ...wire, url: mutatePath(wire.url, random) }
  }
}

function mutatePath(address: string, random: SeededRandom): string {
  const url = new URL(address)
  url.pathname = mutateText(url.pathname, random)
  return url.href
}

const element = ([name, value]: readonly [string, string]) => `<${name}><![CDATA[${value}]]></${name}>`
const toXml = (fields: Readonly<Record<string, string>>) => `<xml>${Object.entries(fields).map(element).join('')}</xml>`
const toFields = (xml: string) =>
  Object.fromEntries(
    [...xml.matchAll(/<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))<\/\1>/gs)].map(([, name = '', quoted, text]) => [
      name,
      quoted ?? text ?? ''
    ])
  )

/** Half of the mutants change the text, half the fields. */
function mutateXml(wire: Wire, random: SeededRandom): Wire {
  const body = random.below(2) === 0 ? mutateText(wire.body, random) : toXml(mutateFields(toFields(wire.body), random))
  return { ...wire, body }
}

const pay = new WeChatPay({ ...payV3, notifyUrl: 'https://app.example.com/notify' })
const v3: Receiver = {
  name: 'API v3 notifications',
  genuine: () =>
    wires(
      [
        {
          out_trade_no: 'T1',
          trade_state: 'SUCCESS',
          amount: { total: 100, payer_total: 100 },
          payer: { openid: 'o1' }
        },
        { out_trade_no: 'T2', trade_state: 'SUCCESS', amount: { total: 99_900 }, attach: 'a&b=c,"d"' }
      ]
        .map((order) =>
          signedPayV3Notification({
            apiV3Key: payV3.apiV3Key,
            resource: { mchid: payV3.mchId, appid: payV3.appId, transaction_id: '4200000001', ...order }
          })
        )
        .concat(
          NOTICES.map(({ resource, ...envelope }) =>
            signedPayV3Notification({
              apiV3Key: payV3.apiV3Key,
              ...envelope,
              resource: { mchid: payV3.mchId, appid: payV3.appId, ...resource }
            })
          )
        )
    ),
  mutate: (wire, random) => mutateWire(wire, random, ['body', 'headers']),
  receive: async ({ headers, body }) => {
    const { resource, event_type, kind } = await pay.parseNotification({ headers, body })
    return { resource, event_type, kind }
  }
}

const pay2 = new WeChatPayV2({ ...payV2, signType: 'MD5', notifyUrl: 'https://app.example.com/notify' })
const merchant2 = { appId: payV2.appId, mchId: payV2.mchId, apiKey: payV2.apiKey }
const v2: Receiver = {
  name: 'API v2 payment notifications',
  genuine: () =>
    wires([
      signedPayNotification({ ...merchant2, fields: { out_trade_no: 'T1', total_fee: 100 } }),
      signedPayNotification({
        ...merchant2,
        fields: {
          out_trade_no: 'T2',
          total_fee: 9000,
          attach: 'table=7&seat=2',
          coupon_fee: 10,
          coupon_count: 1,
          coupon_id_0: 'C1'
        }
      })
    ]),
  mutate: mutateXml,
  receive: async ({ body }) => pay2.parseNotification(body)
}

const DEDUCTION = { contract_id: 'Wx1', trade_state: 'SUCCESS', trade_type: 'PAP' }
const v2Deduction: Receiver = {
  name: 'API v2 notifications of deductions',
  genuine: () =>
    wires([
      signedPayNotification({ ...merchant2, fields: { ...DEDUCTION, out_trade_no: 'T1', total_fee: 100 } }),
      // The short form.
      signedPayNotification({
        ...merchant2,
        fields: { ...DEDUCTION, out_trade_no: 'T2', total_fee: 9000, transaction_id: '', time_end: '' }
      })
    ]),
  mutate: mutateXml,
  receive: async ({ body }) => pay2.parseDeductionNotification(body)
}

const CONTRACT = {
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  mch_id: payV2.mchId,
  contract_code: 'C1',
  plan_id: '123',
  openid: 'o1',
  operate_time: '2026-03-01 00:00:00',
  contract_id: 'Wx2'
}
const v2Contract: Receiver = {
  name: 'API v2 notifications of contracts',
  genuine: async () =>
    [
      { ...CONTRACT, change_type: 'ADD' },
      { ...CONTRACT, change_type: 'DELETE', contract_termination_mode: '2' }
    ].map((fields) => ({
      url: 'https://app.example.com/contract',
      headers: {},
      body: toXml({ ...fields, sign: signPayV2(fields, payV2.apiKey, 'MD5') })
    })),
  mutate: mutateXml,
  receive: async ({ body }) => pay2.parseContractNotification(body)
}

const v2Refund: Receiver = {
  name: 'API v2 refund notifications',
  genuine: () =>
    wires([
      signedRefundNotification({
        ...merchant2,
        fields: { out_trade_no: 'T1', out_refund_no: 'R1', refund_fee: 40, total_fee: 100 }
      })
    ]),
  mutate: mutateXml,
  receive: async ({ body }) => {
    // Only what is inside `req_info` is protected; the account outside was compared with ours.
    const {
      return_code: _,
      nonce_str: __,
      ...believed
    } = { ...pay2.parseRefundNotification(body) } as Record<string, unknown>
    return believed
  }
}

const gatewayAccount = {
  appId: 'wx0123456789abcdef',
  token: 'a-token',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
}
const gateway: Receiver = {
  name: 'gateway messages',
  genuine: () =>
    wires([
      signedGatewayMessage({
        ...gatewayAccount,
        message: { MsgType: 'text', Content: '你好 1 < 2', MsgId: 7_000_000_001 }
      }),
      signedGatewayMessage({
        ...gatewayAccount,
        message: { MsgType: 'event', Event: 'SCAN', EventKey: 'k', Ticket: 't' }
      }),
      signedGatewayMessage({
        ...gatewayAccount,
        message: {
          MsgType: 'event',
          Event: 'scancode_push',
          EventKey: 'k',
          ScanCodeInfo: { ScanType: 'qrcode', ScanResult: '1' }
        }
      })
    ]),
  mutate: (wire, random) =>
    random.below(3) === 0 ? mutateXml(wire, random) : mutateWire(wire, random, ['body', 'query']),
  receive: async (wire) => {
    const request = requestOf(wire)
    if (!request) return undefined
    let believed: unknown
    const receiver = new MessageGateway({ ...gatewayAccount, store: memoryStore(), logger: {} })
    receiver.onUnknown((message) => {
      believed = { ...message }
    })
    await receiver.handler()(request)
    return believed
  }
}

const bucket = new Qiniu(qiniu)
const upload: Receiver = {
  name: 'Qiniu callbacks',
  genuine: () => {
    const keys = { accessKey: qiniu.accessKey, secretKey: qiniu.secretKey }
    const url = 'https://app.example.com/qiniu/callback?shop=1'
    return wires([
      signedQiniuCallback({ ...keys, url, body: { key: 'photos/1.jpg', hash: 'FkYJiwo', fsize: 1234 } }),
      signedQiniuCallback({ ...keys, url, scheme: 'Qiniu', date: Date.now(), body: { key: 'a&b.jpg', hash: 'F' } }),
      signedQiniuCallback({
        ...keys,
        url,
        contentType: 'application/json',
        scheme: 'Qiniu',
        body: { key: 'a', hash: 'F' }
      })
    ])
  },
  mutate: (wire, random) => mutateWire(wire, random, ['body', 'headers', 'query', 'path']),
  receive: async (wire) => {
    const request = requestOf(wire)
    if (!request) return undefined
    let believed: unknown
    const handler = bucket.callbackHandler({
      onUploaded: (fields) => {
        believed = { ...fields }
        return {}
      }
    })
    await handler(request)
    return believed
  }
}

const yunpian = new Yunpian({ apiKey: '0123456789abcdef0123456789abcdef' })
const smsReply: Receiver = {
  name: 'Yunpian replies',
  genuine: () =>
    wires(
      ['好的', 'T, 1,2,3'].map((text, index) =>
        yunpianReplyPush({
          apiKey: '0123456789abcdef0123456789abcdef',
          mobile: '13800138000',
          text,
          id: `reply${index}`
        })
      )
    ),
  mutate: (wire, random) => {
    if (random.below(3) === 0) return mutateWire(wire, random, ['body'])
    const form = new URLSearchParams(wire.body)
    const reply = Object.entries(JSON.parse(form.get('sms_reply') ?? '{}') as Record<string, unknown>)
    const fields = mutateFields(Object.fromEntries(reply.map(([name, value]) => [name, String(value ?? '')])), random)
    return { ...wire, body: String(new URLSearchParams({ sms_reply: JSON.stringify(fields) })) }
  },
  receive: async (wire) => {
    const request = requestOf(wire)
    if (!request) return undefined
    let believed: unknown
    const handler = yunpian.replyHandler({
      store: memoryStore(),
      onReply: (reply) => {
        const { _sign, ...fields } = { ...reply } as Record<string, unknown>
        believed = fields
      }
    })
    await handler(request)
    return believed
  }
}

const mini = new MiniProgram(miniProgram)
const sessionKey = createHash('md5').update('session').digest()
const seal = (content: object): Wire => {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-cbc', sessionKey, iv)
  const watermark = { timestamp: Math.floor(Date.now() / 1000), appid: miniProgram.appId }
  const sealed = Buffer.concat([cipher.update(JSON.stringify({ ...content, watermark })), cipher.final()])
  return { url: '', headers: { iv: iv.toString('base64') }, body: sealed.toString('base64') }
}
const openData: Receiver = {
  name: 'encryptedData',
  genuine: async () => [
    seal({ phoneNumber: '13580006666', purePhoneNumber: '13580006666', countryCode: '86' }),
    seal({
      openId: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE',
      nickName: 'Band',
      gender: 1,
      language: 'zh_CN',
      city: '',
      province: '',
      country: ''
    })
  ],
  mutate: (wire, random) => {
    // AES-CBC protects nothing: a change of the iv changes the first 16 bytes and only them, so that the first letters of an
    // `openId` cannot be protected by anybody. Of a phone number these bytes are the name of its field.
    const isPhone = Buffer.from(wire.body, 'base64').length < 144
    const target = isPhone ? random.pick(['iv', 'body', 'body']) : 'body'
    const bytes = Buffer.from(target === 'iv' ? (wire.headers.iv ?? '') : wire.body, 'base64')
    for (let count = 1 + random.below(2); count > 0; count--) {
      const at = random.below(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 + random.below(255))
    }
    const blocks = Array.from({ length: bytes.length / 16 }, (_, index) => bytes.subarray(index * 16, index * 16 + 16))
    const swapped = random.below(4) === 0 && target === 'body'
    if (swapped) blocks.splice(random.below(blocks.length), 1, random.pick(blocks))
    if (random.below(8) === 0 && target === 'body') blocks.splice(random.below(blocks.length), 1)
    const changed = Buffer.concat(blocks).toString('base64')
    return target === 'iv' ? { ...wire, headers: { iv: changed } } : { ...wire, body: changed }
  },
  receive: async ({ headers, body }) =>
    mini.decrypt({ sessionKey: sessionKey.toString('base64'), encryptedData: body, iv: headers.iv ?? '' })
}

export const RECEIVERS: readonly Receiver[] = [
  v3,
  v2,
  v2Deduction,
  v2Contract,
  v2Refund,
  gateway,
  upload,
  smsReply,
  openData
]
