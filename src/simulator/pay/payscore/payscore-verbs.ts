import { verifyPayV2 } from '../../crypto/pay-v2.ts'
import type { UserRecord } from '../../framework/users.ts'
import type { ServiceOrder, ServiceState } from '../ledger/service-order.ts'
import type { SignedPlan } from '../ledger/service-plan.ts'
import { refuse } from '../pay-target.ts'
import { compactTime, HOUR_MS, MINUTE_MS } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { collect, notifyOrder, notifyPermission } from './collection.ts'
import { notifyPlan } from './plan-routes.ts'
import { findServiceOrder } from './service-order.ts'

/** What a page passes to `openBusinessView`. */
export interface BusinessView {
  readonly businessType: string
  /** Of a Mini Program. */
  readonly extraData?: object
  /** Of a page or an app. */
  readonly queryString?: string
}

/** What is handed back to the page. It proves nothing. */
export interface BusinessViewResult {
  readonly outOrderNo?: string
  readonly state?: ServiceState
  readonly queryId?: string
  readonly authorizationCode?: string
}

const TOKEN_MS = HOUR_MS

/** @internal What a person does with the payment score (微信支付分). */
export function createPayscoreVerbs(world: PayWorld, user: UserRecord) {
  const { clock } = world.context
  const mine = (order: ServiceOrder) => order.openid === user.openid(order.appId)

  const confirm = async (order: ServiceOrder | undefined): Promise<BusinessViewResult> => {
    if (!order) throw refuse('There is no order for this package.')
    if (order.isPackageUsed || clock.now() > order.createdAt + HOUR_MS) {
      throw refuse('订单未获得权益: the package is for one use, within an hour.')
    }
    if (order.state !== 'CREATED') throw refuse(`The order is ${order.state}; only CREATED can be confirmed.`)
    order.isPackageUsed = true
    order.state = 'DOING'
    order.description = 'USER_CONFIRM'
    order.openid = user.openid(order.appId)
    if (order.subAppId !== undefined) order.subOpenid = user.openid(order.subAppId)
    if (order.timeRange.start_time === 'OnAccept') {
      order.timeRange = { ...order.timeRange, start_time: compactTime(clock.now()) }
    }
    notifyOrder(world, order, 'USER_CONFIRM')
    await clock.settle()
    return { outOrderNo: order.outOrderNo, state: order.state, queryId: order.queryId }
  }

  const grant = async (token: string): Promise<BusinessViewResult> => {
    const one = world.servicePermissions.get(`any ${token}`)
    if (!one || clock.now() > one.createdAt + TOKEN_MS) throw refuse('apply_permissions_token is unknown or too old.')
    if (one.grantedAt !== undefined) throw refuse('The permission was given already.')
    one.openid = user.openid(one.appId)
    if (one.subAppId !== undefined) one.subOpenid = user.openid(one.subAppId)
    one.grantedAt = clock.now()
    notifyPermission(world, one, 'USER_OPEN_SERVICE')
    await clock.settle()
    return { authorizationCode: one.code }
  }

  const signPlan = async (one: SignedPlan): Promise<BusinessViewResult> => {
    if (one.signedAt !== undefined || one.ended) throw refuse('The plan was signed already, or has ended.')
    one.openid = user.openid(one.appId)
    if (one.subAppId !== undefined) one.subOpenid = user.openid(one.subAppId)
    one.signedAt = clock.now()
    notifyPlan(world, one, 'PAYSCORE.USER_SIGN_PLAN')
    await clock.settle()
    return {}
  }

  return {
    /**
     * Confirms a service order (微信支付分), signs a plan or grants a service, with what a page passes to `openBusinessView`; a signature is verified
     * as the client does. Resolves when the notification was tried once.
     *
     * @throws ConfigError `ERR_INVALID_PARAM` where WeChat shows an error
     */
    openBusinessView: async (view: BusinessView): Promise<BusinessViewResult> => {
      const fields: Record<string, string> = Object.fromEntries(
        view.queryString === undefined
          ? Object.entries(view.extraData ?? {}).map(([name, value]) => [name, String(value)])
          : new URLSearchParams(view.queryString)
      )
      const isSigned = fields.sign !== undefined
      if (isSigned || view.queryString !== undefined) verifyView(world, fields)
      if (view.businessType === 'wxpayScoreEnable') return grant(fields.apply_permissions_token ?? '')
      const plan = world.signedPlans.get(`any ${fields.package}`)
      if (plan) return signPlan(plan)
      if (view.businessType === 'wxpayScoreUse') return confirm(findServiceOrder(world, `any ${fields.package}`))
      const order = findServiceOrder(world, `no ${fields.mch_id} ${fields.out_order_no}`)
      if (view.businessType !== 'wxpayScoreDetail' || !isSigned || !order || !mine(order)) {
        throw refuse('openBusinessView: unknown businessType, no signature, or no order of this user.')
      }
      return { outOrderNo: order.outOrderNo, state: order.state }
    },

    /**
     * Opens the cashier for an order that waits for its money, and does not pay yet: for three minutes the merchant cannot change it.
     *
     * @param outOrderNo number of the merchant
     * @throws ConfigError `ERR_INVALID_PARAM`
     */
    beginServicePayment: (outOrderNo: string): void => {
      const order = findServiceOrder(world, `any ${outOrderNo}`)
      if (order?.collection?.state !== 'USER_PAYING' || !mine(order)) throw refuse('Nothing waits for this user.')
      order.payingUntil = clock.now() + 3 * MINUTE_MS
    },

    /**
     * Pays a service order by hand, before WeChat collects it.
     *
     * @param outOrderNo number of the merchant
     * @throws ConfigError `ERR_INVALID_PARAM`
     */
    payServiceOrder: async (outOrderNo: string): Promise<BusinessViewResult> => {
      const order = findServiceOrder(world, `any ${outOrderNo}`)
      if (order?.collection?.state !== 'USER_PAYING' || !mine(order)) throw refuse('Nothing waits for this user.')
      collect(world, order, 'byHand')
      await clock.settle()
      return { outOrderNo, state: order.state }
    },

    /**
     * Takes the permission of a service back.
     *
     * @param authorizationCode number of the merchant
     * @throws ConfigError `ERR_INVALID_PARAM`
     */
    endServicePermission: async (authorizationCode: string): Promise<void> => {
      const one = world.servicePermissions.get(`any ${authorizationCode}`)
      if (!one || one.openid !== user.openid(one.appId) || one.endedAt !== undefined) {
        throw refuse('There is no such permission of this user.')
      }
      one.endedAt = clock.now()
      notifyPermission(world, one, 'USER_CLOSE_SERVICE')
      await clock.settle()
    }
  }
}

/** By the key of API v2, and by HMAC-SHA256 only. */
function verifyView(world: PayWorld, fields: Readonly<Record<string, string>>): void {
  const merchant = world.context.accounts.merchant(fields.mch_id ?? '')
  const isRight = merchant && fields.sign_type === 'HMAC-SHA256' && verifyPayV2(fields, merchant.apiKey, 'HMAC-SHA256')
  if (!isRight) throw refuse('签名错误: sign must be HMAC-SHA256 by the API v2 key over all other fields.')
}
