import { browserUsers, rememberedUser, userCookie } from '../framework/browser-user.ts'
import { forLocalPages, isForeignForm } from '../framework/cross-origin.ts'
import type { Exchange } from '../framework/exchange.ts'
import { escapeHtml, htmlPage, userChoice } from '../framework/page.ts'
import { CASHIER_PATH, PAYMENT_CHECK_PATH } from '../framework/payment-pages.ts'
import type { UserRecord } from '../framework/users.ts'
import { type Order, STATE_TEXT } from './ledger/order.ts'
import { type Payable, payableOf } from './pay-target.ts'
import { createPayVerbs } from './verbs.ts'
import type { PayWorld } from './world.ts'

type Handler = (exchange: Exchange) => Promise<Response> | Response

/** @internal The H5 page behind `h5_url` and `mweb_url`, and a cashier for every other `prepay_id`. */
export function createCashier(world: PayWorld): Handler {
  /** What `chooseWXPay` and `getBrandWCPayRequest` do first: the signature is verified, and the cashier is named. */
  const check: Handler = (exchange) =>
    forLocalPages(world.context, exchange, () => {
      try {
        const params = exchange.json()
        if (typeof params !== 'object' || params === null) throw new Error('no parameters')
        const [order] = payableOf(world, params).orders
        return Response.json({ prepay_id: order?.prepayId })
      } catch (error) {
        return Response.json({ error: messageOf(error) }, { status: 400 })
      }
    })

  return async (exchange) => {
    if (exchange.path === PAYMENT_CHECK_PATH) return check(exchange)
    const target = exchange.query.get('prepay_id') ?? ''
    const page = { isEmbedded: exchange.query.get('embed') === '1', back: backOf(exchange) }
    try {
      const payable = payableOf(world, target)
      const [order] = payable.orders
      if (!order) throw new Error('The order is no longer known.')
      exchange.account = order.mchId
      if (order.state !== 'NOTPAY') throw new Error(`${STATE_TEXT[order.state]} · The order is ${order.state}.`)
      if (exchange.method !== 'POST') return form(world, exchange, payable, order, page.back)
      if (isForeignForm(world.context, exchange)) {
        return result('请重新打开本页 · Another site sent this form', 'fail', page, { status: 403 })
      }
      const fields = exchange.form()
      if (fields.get('simulator_decision') === 'cancel')
        return ended('支付已取消 · Cancelled', 'cancel', exchange, page)
      const chosen = world.context.users.byId(fields.get('simulator_user') ?? '')
      const payer = payerOf(world, exchange, order) ?? chosen ?? browserUsers(world.context.users)[0]
      if (!payer) throw new Error('nobody is here')
      await createPayVerbs(world, payer).pay(target)
      return ended('支付成功 · Paid', 'ok', exchange, page, { 'set-cookie': userCookie(payer) })
    } catch (error) {
      return result(messageOf(error), 'fail', page, { status: 400 })
    }
  }
}

interface PageState {
  readonly isEmbedded: boolean
  readonly back: string | undefined
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Where the shop is: `redirect_url` of an H5 payment, `back` of the cashier. */
function backOf(exchange: Exchange): string | undefined {
  const back = exchange.query.get('redirect_url') ?? exchange.query.get('back')
  return back !== null && /^https?:\/\//i.test(back) ? back : undefined
}

/** Who pays: whom the address names, whom the order is for, or who consented in this browser before. */
function payerOf(world: PayWorld, exchange: Exchange, order: Order): UserRecord | undefined {
  const { users } = world.context
  const who = exchange.query.get('who')
  if (who) {
    const named = users.byId(who) ?? users.byOpenid(order.appId, who)
    if (!named) throw new Error(`Nobody here is called ${who}: give the id of a person, or an openid.`)
    return named
  }
  const owner = order.openid
    ? users.byOpenid(order.appId, order.openid)
    : order.subOpenid && users.byOpenid(order.subAppId ?? '', order.subOpenid)
  return owner || rememberedUser(users, exchange)
}

function form(
  world: PayWorld,
  exchange: Exchange,
  { orders }: Payable,
  order: Order,
  back: string | undefined
): Response {
  const payer = payerOf(world, exchange, order)
  const total = orders.reduce((sum, one) => sum + one.total, 0)
  const names = [...new Set(orders.map(({ description }) => description))].join('、')
  const merchant = world.context.accounts.merchant(order.mchId)?.name ?? order.mchId
  const who = payer
    ? `<input type="hidden" name="simulator_user" value="${escapeHtml(payer.id)}">`
    : userChoice(browserUsers(world.context.users).map(({ id, profile }) => ({ id, nickname: profile.nickname })))
  const rows: [string, string][] = [
    ['收款方 · Payee', merchant],
    ['商品 · For', names],
    ['单号 · Order', orders.map(({ outTradeNo }) => outTradeNo).join(', ')],
    ...(payer ? [['付款人 · Payer', `${payer.profile.nickname} (${payer.id})`] satisfies [string, string]] : [])
  ]
  return htmlPage(
    '微信支付 · WeChat Pay',
    `<div class="mark" aria-hidden="true">¥</div><h1>${escapeHtml(names)}</h1><p class="price">¥ ${(total / 100).toFixed(2)}</p>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>
<form method="post">${who}
<button class="yes" name="simulator_decision" value="pay">支付 · Pay</button>
<button class="no" name="simulator_decision" value="cancel">取消 · Cancel</button></form>${backLink(back)}`
  )
}

const backLink = (back: string | undefined): string =>
  back === undefined ? '' : `<a class="back" href="${escapeHtml(back)}">返回商家 · Back to the shop</a>`

/** An H5 payment goes back to the shop by itself, as its page does; the cashier shows what came of it. */
function ended(
  text: string,
  outcome: 'ok' | 'cancel',
  exchange: Exchange,
  page: PageState,
  headers: Readonly<Record<string, string>> = {}
): Response {
  const isH5 = exchange.path !== CASHIER_PATH
  if (isH5 && page.back !== undefined) {
    return new Response(null, {
      status: 303,
      headers: { location: page.back, 'cache-control': 'no-store', ...headers }
    })
  }
  return result(text, outcome, page, { headers })
}

function result(
  text: string,
  outcome: 'ok' | 'cancel' | 'fail',
  { isEmbedded, back }: PageState,
  more: { status?: number; headers?: Readonly<Record<string, string>> }
): Response {
  const mark = { ok: '✓', cancel: '×', fail: '!' }[outcome]
  const message = JSON.stringify({ simulator: 'cashier', outcome, text }).replaceAll('<', '\\u003c')
  // The page of the application holds the cashier in a frame and waits for its outcome.
  const script = isEmbedded ? { script: `parent.postMessage(${message}, '*')` } : {}
  return htmlPage(
    '微信支付 · WeChat Pay',
    `<div class="mark" aria-hidden="true">${mark}</div><h1>${escapeHtml(text)}</h1>${backLink(back)}`,
    { ...more, ...script }
  )
}
