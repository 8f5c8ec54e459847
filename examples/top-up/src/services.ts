import { Geetest } from 'weixin-kit/geetest'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Yunpian } from 'weixin-kit/yunpian'
import { accountsOf } from '../../shared/accounts.ts'
import type { AppParts } from '../../shared/app.ts'
import type { Config } from './config.ts'

export interface Services {
  mp: OfficialAccount
  pay: WeChatPayV2
  geetest: Geetest
  yunpian: Yunpian
}

export const NOTIFY_PATH = '/wechat/pay/notify'

/** Makes the clients from the environment, or from the accounts of the simulator. */
export function createServices({ config, upstream, store, logger }: AppParts<Config>): Services {
  const { officialAccount, payV2, geetest, yunpian } = accountsOf(upstream.credentials, config.accounts)
  const { appId } = officialAccount
  const shared = { store, logger, ...upstream.target }
  return {
    mp: new OfficialAccount({ ...officialAccount, ...shared }),
    pay: new WeChatPayV2({ ...payV2, appId, ...shared, notifyUrl: config.PUBLIC_URL + NOTIFY_PATH }),
    geetest: new Geetest({ ...geetest, ...shared }),
    yunpian: new Yunpian({ ...yunpian, logger, ...upstream.target })
  }
}
