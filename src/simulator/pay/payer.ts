import type { MerchantAccount } from '../framework/accounts.ts'
import { PayFailure } from './failures.ts'
import type { PayWorld } from './world.ts'

/** Refuses an appid that does not exist or is not bound to the merchant. */
export function checkApp(world: PayWorld, merchant: MerchantAccount, appId: string): void {
  if (!world.context.accounts.wechat(appId)) throw new PayFailure('APPID_UNKNOWN')
  if (merchant.appIds.length > 0 && !merchant.appIds.includes(appId)) throw new PayFailure('APPID_NOT_BOUND')
}

/** Refuses an openid that is nobody's under this appid. */
export function checkOpenid(world: PayWorld, appId: string, openid: string): void {
  if (!world.context.users.byOpenid(appId, openid)) throw new PayFailure('OPENID')
}
