import { PAY_V3_SCHEMA, payV3RequestMessage, verifyPayV3 } from '../../crypto/pay-v3.ts'
import type { MerchantAccount } from '../../framework/accounts.ts'
import type { Exchange } from '../../framework/exchange.ts'
import { transportTime } from '../../framework/transport-time.ts'
import { V3Failure } from '../failures.ts'
import type { PayWorld } from '../world.ts'
import { explainV3Sign } from './explain-sign.ts'

const MAX_SKEW_SECONDS = 300
/** How much of a body the platform shows in an error. */
const SHOWN_BODY = 64

const signError = (text: string, detail?: unknown): V3Failure => new V3Failure(401, 'SIGN_ERROR', text, detail)

/** Headers that every call needs, a GET without body included. */
export function checkHeaders(exchange: Exchange): void {
  const accept = exchange.headers.get('accept') ?? ''
  const agent = exchange.headers.get('user-agent') ?? ''
  if (accept === '' || agent === '') throw new V3Failure(400, 'PARAM_ERROR', 'Http头缺少Accept或User-Agent')
  if (!/application\/json|\*\/\*|application\/\*/i.test(accept) && !exchange.path.includes('download')) {
    throw new V3Failure(406, 'PARAM_ERROR', 'Http头Accept应为application/json')
  }
}

interface Authorization {
  readonly mchid: string
  readonly nonce_str: string
  readonly signature: string
  readonly timestamp: string
  readonly serial_no: string
}

function parse(header: string): Authorization {
  const [, schema = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(header) ?? []
  if (schema !== PAY_V3_SCHEMA) {
    throw signError(`Http头Authorization认证类型不正确，应为${PAY_V3_SCHEMA}`)
  }
  const found = Object.fromEntries(
    [...rest.matchAll(/(\w+)\s*=\s*"([^"]*)"/g)].map(([, name = '', value = '']) => [name, value])
  )
  for (const name of ['mchid', 'nonce_str', 'signature', 'timestamp', 'serial_no']) {
    if (!found[name]) throw signError(`Http头Authorization缺少${name}，请参考《微信支付商户REST API签名规则》`)
  }
  return found as unknown as Authorization
}

/** Serials are compared as the numbers that they are: some clients write them in lower case. */
const normal = (serial: string): string => serial.toUpperCase().replace(/^0+(?=.)/, '')

/** Verifies the Authorization over the bytes of `body`; returns who signed. */
export function authorize(world: PayWorld, exchange: Exchange, body: string | Uint8Array): MerchantAccount {
  const header = exchange.headers.get('authorization')
  if (!header) throw signError('Http头缺少Authorization')
  const { mchid, nonce_str: nonce, signature, timestamp, serial_no: serial } = parse(header)
  const { accounts, keys, clock } = world.context
  const merchant = accounts.merchant(mchid)
  if (!merchant) throw signError('商户号不存在')
  exchange.account = mchid
  const identity = [keys.merchant(mchid), keys.merchant(mchid, true)].find((one) => one.serialNumber === normal(serial))
  if (!identity) throw signError('商户证书序列号有误。请使用签名私钥匹配的证书序列号')
  if (/^\d{1,12}$/.test(timestamp)) exchange.peerTime = Number(timestamp) * 1000
  const skew = Math.abs(Math.floor(transportTime(clock, exchange) / 1000) - (exchange.peerTime ?? Number.NaN) / 1000)
  if (!(skew <= MAX_SKEW_SECONDS)) {
    throw signError('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟')
  }
  if (nonce.length > 32) throw signError('Http头Authorization中的nonce_str不得超过32个字符')
  // Behind a path prefix a client signs the prefixed path or, when it restores the host, the upstream's own.
  const targets = new Set([exchange.target, exchange.receivedTarget])
  const fits = [...targets].some((target) =>
    verifyPayV3(payV3RequestMessage(exchange.method, target, timestamp, nonce, body), signature, identity.publicKey)
  )
  if (!fits) {
    const message = payV3RequestMessage(exchange.method, exchange.target, timestamp, nonce, body).toString('utf8')
    const shown = payV3RequestMessage(exchange.method, exchange.target, timestamp, nonce, '').length - 1 + SHOWN_BODY
    const others = [keys.merchant(mchid), keys.merchant(mchid, true)].filter((one) => one !== identity)
    exchange.signature = explainV3Sign({
      exchange,
      body: typeof body === 'string' ? body : new TextDecoder().decode(body),
      timestamp,
      nonce,
      signature,
      keys: [identity, ...others].map(({ publicKey }) => publicKey)
    })
    const why = exchange.signature.mistake?.en
    exchange.refused(why === undefined ? 'Authorization does not match' : `Authorization does not match: ${why}`)
    throw signError('错误的签名，验签失败', {
      detail: { issue: 'sign not match' },
      field: 'signature',
      location: 'authorization',
      sign_information: {
        method: exchange.method,
        sign_message_length: Buffer.byteLength(message),
        truncated_sign_message: message.length > shown ? message.slice(0, shown) : message,
        url: exchange.target
      }
    })
  }
  exchange.verified(`Authorization ${serial}`)
  return merchant
}
