import { parseXml } from '../../../internal/xml/index.ts'
import { type PayV2SignType, verifyPayV2 } from '../../crypto/pay-v2.ts'
import type { MerchantAccount } from '../../framework/accounts.ts'
import type { Exchange } from '../../framework/exchange.ts'
import { V2Failure } from '../failures.ts'
import { requireMerchantCertificate } from '../merchant-certificate.ts'
import type { PayWorld } from '../world.ts'
import type { V2Call, V2Endpoint } from './endpoint.ts'
import { explainV2Sign } from './explain-sign.ts'
import type { V2Fields } from './fields.ts'
import { sandboxKey } from './sandbox.ts'

const transport = (text: string): never => {
  throw new V2Failure('FAIL', text, true)
}

/** Verifies who calls: XML, merchant, sign, client certificate. Fields are checked after that. */
export function openCall(world: PayWorld, exchange: Exchange, endpoint: V2Endpoint, isSandbox: boolean): V2Call {
  if (exchange.method !== 'POST') transport('请使用post方法')
  if (exchange.body.length === 0) transport('post数据为空')
  const fields = readFields(world, exchange)
  const mchId = fields[endpoint.mch] ?? ''
  const merchant = world.context.accounts.merchant(mchId)
  // The platform says the same of a number that is missing, unknown, or not found because of another root.
  if (!merchant) return transport('mch_id参数格式错误')
  exchange.account = mchId
  const signsWithApiKey = !isSandbox || endpoint.path.endsWith('/getsignkey')
  const key = signsWithApiKey ? merchant.apiKey : sandboxKey(merchant)
  const signType = verifySign(exchange, endpoint, fields, merchant, key)
  if (endpoint.needsCertificate && !isSandbox) {
    const problem = requireMerchantCertificate(world.context, exchange, merchant)
    if (problem) {
      exchange.refused(`client certificate: ${problem}`)
      throw new V2Failure('CA_ERROR', problem, true)
    }
  }
  const book = isSandbox ? `sandbox:${mchId}` : mchId
  return { exchange, world, merchant, book, key, signType, fields, isSandbox }
}

function readFields({ settings }: PayWorld, exchange: Exchange): V2Fields {
  try {
    const root = /^\s*(?:<\?xml[^>]*\?>\s*)?<([\w.-]+)>/.exec(
      Buffer.from(exchange.body.subarray(0, 200)).toString()
    )?.[1]
    const isRead = root === undefined || root === 'xml' || settings.acceptOtherRoots
    if (!isRead) {
      exchange.refused(`the root is <${root}>: only <xml> is read`)
      exchange.hint = `the root is <${root}>, the document says <xml>; reports differ on what the real service does: paySettings.acceptOtherRoots takes it`
    }
    const parsed = isRead ? parseXml(exchange.body, { root: root ?? 'xml' }) : {}
    const pairs = Object.entries(parsed).map(([name, value]) => {
      if (typeof value !== 'string') throw new TypeError(name)
      return [name, value]
    })
    return Object.fromEntries(pairs)
  } catch {
    return transport('XML格式错误')
  }
}

function verifySign(
  exchange: Exchange,
  endpoint: V2Endpoint,
  fields: V2Fields,
  merchant: MerchantAccount,
  key: string
): PayV2SignType {
  const type = fields.sign_type || endpoint.signTypes?.[0] || 'MD5'
  if (type !== 'MD5' && type !== 'HMAC-SHA256') return transport('签名类型sign_type有误')
  if (endpoint.signTypes && !endpoint.signTypes.includes(type)) transport(`签名类型有误：只支持${endpoint.signTypes}`)
  if (!fields.sign) transport('缺少参数sign')
  if (!fields.nonce_str && endpoint.hasNonce !== false) transport('缺少参数nonce_str')
  if (fields.nonce_str && fields.nonce_str.length > 32) transport('nonce_str参数长度有误')
  if (!verifyPayV2(fields, key, type)) {
    exchange.signature = explainV2Sign(fields, merchant, key, type)
    const why = exchange.signature.mistake?.en ?? 'another key, or fields that were changed after signing'
    exchange.refused(`sign ${type} does not match: ${why}`)
    throw new V2Failure('SIGN_ERROR', endpoint.errors === 'bill' ? 'SIGN ERROR' : '签名错误', true)
  }
  const stranger = endpoint.signsKnownFields && Object.keys(fields).find((name) => !isKnown(endpoint, name))
  if (stranger) {
    exchange.refused(`sign ${type}: this call has no ${stranger}, and the platform signs only what it knows`)
    throw new V2Failure('SIGN_ERROR', '验证签名失败', true)
  }
  exchange.verified(`sign ${type}`)
  return type
}

const isKnown = ({ mch, rules }: V2Endpoint, name: string): boolean =>
  Object.hasOwn(rules, name) || [mch, 'nonce_str', 'sign', 'sign_type'].includes(name)
