import type { MessageGateway } from '../gateway/index.ts'
import type { Geetest } from '../geetest/index.ts'
import type { MiniProgram } from '../miniapp/index.ts'
import type { OfficialAccount } from '../mp/index.ts'
import type { WeChatPay } from '../pay/index.ts'
import type { WeChatPayV2 } from '../pay/v2/index.ts'
import type { Qiniu } from '../qiniu/index.ts'
import type { Yunpian } from '../yunpian/index.ts'

/** The clients of one account, by product. */
export interface WeixinClients {
  mp: OfficialAccount
  miniapp: MiniProgram
  gateway: MessageGateway
  pay: WeChatPay
  payV2: WeChatPayV2
  qiniu: Qiniu
  yunpian: Yunpian
  geetest: Geetest
}

/** Name of a product in {@link WeixinClients}. */
export type WeixinProduct = keyof WeixinClients

/** All product names, for checks. */
export const PRODUCTS: readonly WeixinProduct[] = [
  'mp',
  'miniapp',
  'gateway',
  'pay',
  'payV2',
  'qiniu',
  'yunpian',
  'geetest'
]
