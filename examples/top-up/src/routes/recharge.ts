import Router, { type RouterContext } from '@koa/router'
import { isWeixinKitError, RateLimit } from 'weixin-kit'
import { isByScript } from '../../../shared/foreign-request.ts'
import { syncPayment } from '../../../shared/sync-payment.ts'
import type { Context } from '../app.ts'
import { requireUser } from '../auth.ts'
import { AppError, success } from '../error-codes.ts'
import type { Recharge } from '../models/recharges.ts'

const AMOUNT = /^[1-9]\d{0,8}$/
const STATUS = { created: 'open', placed: 'open', paid: 'paid', closed: 'closed' } as const

/** Interface 4: an order of WeChat Pay for an amount in fen, and how it stands. */
export function rechargeRoutes(context: Context): Router {
  const { recharges, pay, mp, store, config } = context
  const queries = new RateLimit({ store, name: 'recharge-queries', limit: 60, windowSeconds: 60 })
  const router = new Router()

  // As in the document `<int:account>`: what is not a whole number is no such address.
  const recharge = async (koa: RouterContext) => {
    const given = koa.params.account ?? ''
    if (!AMOUNT.test(given)) throw new AppError(13)
    // The GET of the document makes an order: neither a picture nor a link of another site, nor a prefetch, may do that.
    if (koa.method === 'HEAD' || !isByScript((name) => koa.get(name) || undefined)) throw new AppError(13)
    const user = await requireUser(context, koa)
    const amount = Number(given)
    if (amount > config.RECHARGE_MAX) throw new AppError(1)
    if (!user.openid) throw new AppError(2)
    const order = await recharges.open(user.id, amount, koa.ip)
    const prepay_id = await place(order, user.openid)
    await recharges.update(order, { status: 'placed', prepay_id })
    const pay_params = pay.jsapiParams(prepay_id, { appId: mp.appId })
    koa.body = { ...success('success'), pay_params, recharge_id: order.recharge_id }
  }
  router.get('/wechat/recharge/:account', recharge)
  router.post('/wechat/recharge/:account', (koa, next) => (koa.params.account === 'list' ? next() : recharge(koa)))

  router.get('/wechat/recharge/status/:recharge_id', async (koa) => {
    const user = await requireUser(context, koa)
    const found = await recharges.find(koa.params.recharge_id ?? '')
    if (found?.user_id !== user.id) throw new AppError(13)
    // WeChat Pay is asked, within limits, so that a notification that is late keeps nobody waiting.
    const isAsked = found.status === 'placed' && (await queries.take(String(user.id))).allowed
    if (isAsked) await syncPayment(pay, recharges.asOpenPayment(found)).catch(unavailable)
    const now = isAsked ? await recharges.find(found.recharge_id) : found
    koa.body = success(STATUS[(now ?? found).status])
  })
  return router

  /** The `prepay_id`. Under the same number and parameters WeChat Pay gives the same one again. */
  async function place(order: Recharge, openid: string): Promise<string> {
    if (order.prepay_id !== null) return order.prepay_id
    try {
      const { prepay_id } = await pay.orders.unified({
        trade_type: 'JSAPI',
        openid,
        body: '账户充值',
        out_trade_no: order.recharge_id,
        total_fee: order.amount,
        spbill_create_ip: order.client_ip,
        time_expire: order.time_expire
      })
      return prepay_id
    } catch (cause) {
      // Refused or not known: another request of the same order may have been accepted. It stays open for the sweep, which asks.
      return unavailable(cause)
    }
  }
}

function unavailable(cause: unknown): never {
  throw isWeixinKitError(cause) && cause.code !== 'ERR_STORE' ? new AppError(12, { cause }) : cause
}
