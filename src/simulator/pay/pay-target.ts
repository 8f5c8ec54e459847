import { ConfigError } from '../../errors/index.ts'
import { type PayV2SignType, verifyPayV2 } from '../crypto/pay-v2.ts'
import { verifyPayV3 } from '../crypto/pay-v3.ts'
import type { CombinedOrder } from './ledger/combined-order.ts'
import type { Order } from './ledger/order.ts'
import { partsOf } from './v3/combined-object.ts'
import type { PayWorld } from './world.ts'

export const refuse = (message: string): ConfigError =>
  new ConfigError(message, { code: 'ERR_INVALID_PARAM', product: 'simulator', option: 'target' })

/** What is to be paid: one order, or several that are paid together. */
export interface Payable {
  readonly orders: readonly Order[]
  readonly combined?: CombinedOrder
}

type Params = Readonly<Record<string, unknown>>

const textOf = (params: Params, ...names: string[]): string => {
  const value = names.map((name) => params[name]).find((one) => one !== undefined)
  return value === undefined ? '' : String(value)
}

/**
 * Finds what a WeChat client is asked to pay: `prepay_id`, `package`, `code_url`, `h5_url` / `mweb_url`, or the
 * parameters of `wx.requestPayment`, `chooseWXPay` or an app, whose signature is verified as the client does.
 */
export function payableOf(world: PayWorld, target: string | object): Payable {
  if (typeof target === 'string') return find(world, tokenOf(target))
  const params = target as Params
  const isApp = params.prepayid !== undefined
  const token = isApp ? textOf(params, 'prepayid') : tokenOf(textOf(params, 'package'))
  const payable = find(world, token)
  verifyClientParams(world, payable, params, isApp, token)
  return payable
}

function tokenOf(text: string): string {
  if (text.startsWith('prepay_id=')) return text.slice('prepay_id='.length)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'weixin:') return url.searchParams.get('pr') ?? text
  return url?.searchParams.get('prepay_id') ?? text
}

function find(world: PayWorld, token: string): Payable {
  const order = world.orders.findByToken(token)
  if (order) {
    if (!world.orders.isPrepayAlive(order))
      throw refuse('The prepay_id, code_url or h5_url has expired: order again with the same parameters.')
    return { orders: [order] }
  }
  const combined = world.combined.get(`any ${token}`)
  if (combined) return { orders: partsOf(world, combined), combined }
  throw refuse(
    `There is no order for "${token.slice(0, 80)}". Expected a prepay_id, code_url, h5_url or mweb_url that this simulator gave out, or the parameters that the page passes to WeChat.`
  )
}

function verifyClientParams(world: PayWorld, payable: Payable, params: Params, isApp: boolean, token: string): void {
  const { orders, combined } = payable
  const [order] = orders
  if (!order) throw refuse('The order is no longer known.')
  const mchId = combined?.mchId ?? order.mchId
  const appId = textOf(params, 'appId', 'appid') || order.subAppId || order.appId
  if (appId !== order.appId && appId !== order.subAppId) {
    throw refuse(`The page pays as appid ${appId}, but the order is of ${order.appId}.`)
  }
  if (isApp) checkPartner(textOf(params, 'partnerid'), order, combined)
  const nonce = textOf(params, 'nonceStr', 'noncestr')
  const time = textOf(params, 'timeStamp', 'timestamp')
  const signature = textOf(params, isApp ? 'sign' : 'paySign')
  const bundle = textOf(params, 'package')
  const problem =
    order.api === 3
      ? checkV3(
          world,
          mchId,
          [appId, time, nonce, isApp ? token : bundle],
          signature,
          isApp ? 'RSA' : textOf(params, 'signType')
        )
      : checkV2(
          world,
          order,
          isApp ? appFields(params, appId) : jsFields(params, { appId, time, nonce, bundle }),
          signature
        )
  if (problem) throw refuse(`支付验证签名失败: ${problem}`)
}

function checkV3(
  world: PayWorld,
  mchId: string,
  lines: string[],
  signature: string,
  signType: string
): string | undefined {
  if (signType !== 'RSA') return `signType is "${signType}", expected RSA for an order of API v3.`
  const message = Buffer.from(`${lines.join('\n')}\n`)
  const isRight = verifyPayV3(message, signature, world.context.keys.merchant(mchId).publicKey)
  return isRight ? undefined : `the RSA signature does not fit ${JSON.stringify(String(message))}.`
}

function checkV2(world: PayWorld, order: Order, fields: Record<string, string>, signature: string): string | undefined {
  const type: PayV2SignType = order.signType ?? 'MD5'
  if (fields.signType !== undefined && fields.signType !== type) {
    return `signType is ${fields.signType}, but the order was made with ${type}.`
  }
  const isRight = verifyPayV2({ ...fields, sign: signature }, world.merchant(order.mchId).apiKey, type)
  return isRight ? undefined : `the ${type} signature does not fit ${Object.keys(fields).sort().join(', ')}.`
}

function jsFields(
  params: Params,
  { appId, time, nonce, bundle }: Record<'appId' | 'time' | 'nonce' | 'bundle', string>
): Record<string, string> {
  return { appId, timeStamp: time, nonceStr: nonce, package: bundle, signType: textOf(params, 'signType') || 'MD5' }
}

/** An app names the merchant that is paid, for a provider the sub-merchant; in API v3 no document says which of the two. */
function checkPartner(given: string, order: Order, combined: CombinedOrder | undefined): void {
  const paid = order.subMchId ?? order.mchId
  const allowed = combined ? [combined.mchId] : order.api === 3 ? [paid, order.mchId] : [paid]
  if (!allowed.includes(given)) throw refuse(`The app pays to partnerid ${given}, but the order is of ${allowed[0]}.`)
}

function appFields(params: Params, appId: string): Record<string, string> {
  const names = ['partnerid', 'prepayid', 'package', 'noncestr', 'timestamp'] as const
  return { appid: appId, ...Object.fromEntries(names.map((name) => [name, textOf(params, name)])) }
}
