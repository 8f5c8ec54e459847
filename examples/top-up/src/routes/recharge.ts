import Router, { type RouterContext } from '@koa/router'
import { isByScript } from '../../../shared/foreign-request.ts'
import type { Context } from '../app.ts'
import { requireUser } from '../auth.ts'
import { AppError, success } from '../error-codes.ts'

const AMOUNT = /^[1-9]\d{0,8}$/
const STATUS = { created: 'open', placed: 'open', paid: 'paid', closed: 'closed', failed: 'closed' } as const
const LIMIT = { most: 10, withinMs: 10 * 60_000 }

/** Interface 4: an order of WeChat Pay for an amount in fen, and how it stands. */
export function rechargeRoutes(context: Context): Router {
  const { recharges, pay, mp, config } = context
  const router = new Router()

  // As in the document `<int:account>`: what is not a whole number is no such address.
  const recharge = async (koa: RouterContext) => {
    const given = koa.params.account ?? ''
    if (!AMOUNT.test(given)) throw new AppError(13)
    // The GET of the document makes an order: neither a picture nor a link of another site, nor a prefetch, may do that.
    if (koa.method === 'HEAD' || !isByScript((name) => koa.get(name) || undefined, config.PUBLIC_URL))
      throw new AppError(13)
    const { id: owner, openid } = await requireUser(context, koa)
    const total_fee = Number(given)
    if (total_fee > config.RECHARGE_MAX) throw new AppError(1)
    if (!openid) throw new AppError(2)
    const order = await recharges.open({ owner, total_fee, client_ip: koa.ip }, LIMIT)
    if (!order) throw new AppError(6)
    const prepayId = await recharges.place(order, { trade_type: 'JSAPI', openid, body: '账户充值' })
    const pay_params = pay.jsapiParams(prepayId, { appId: mp.appId })
    koa.body = { ...success('success'), pay_params, recharge_id: order.out_trade_no }
  }
  router.get('/wechat/recharge/:account', recharge)
  router.post('/wechat/recharge/:account', (koa, next) => (koa.params.account === 'list' ? next() : recharge(koa)))

  router.get('/wechat/recharge/status/:recharge_id', async (koa) => {
    const { id: owner } = await requireUser(context, koa)
    const order = await recharges.find({ owner, out_trade_no: koa.params.recharge_id ?? '' })
    if (!order) throw new AppError(13)
    koa.body = success(STATUS[(await recharges.look(order)).status])
  })
  return router
}
