import { Geetest } from 'weixin-kit/geetest'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Yunpian } from 'weixin-kit/yunpian'
import type { AppParts } from '../../shared/app.ts'
import { need } from '../../shared/environment.ts'
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
  const { officialAccount, payV2, geetest, yunpian } = upstream.credentials ?? accountsOf(config)
  const { target } = upstream
  const shared = { store, logger, ...target }
  return {
    mp: new OfficialAccount({ ...officialAccount, ...shared }),
    pay: new WeChatPayV2({
      ...payV2,
      appId: officialAccount.appId,
      ...shared,
      notifyUrl: config.PUBLIC_URL + NOTIFY_PATH
    }),
    geetest: new Geetest({ ...geetest, ...shared }),
    yunpian: new Yunpian({ ...yunpian, logger, ...target })
  }
}

/** The accounts of the environment in the shape in which the simulator gives its own. */
function accountsOf(config: Config) {
  return {
    officialAccount: { appId: need(config.WECHAT_APP_ID), appSecret: need(config.WECHAT_APP_SECRET) },
    payV2: { mchId: need(config.WECHAT_MCH_ID), apiKey: need(config.WECHAT_PAY_KEY) },
    geetest: { captchaId: need(config.GEETEST_ID), privateKey: need(config.GEETEST_KEY) },
    yunpian: { apiKey: need(config.YUNPIAN_API_KEY) }
  }
}
