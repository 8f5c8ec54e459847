import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import type { AppParts } from '../../shared/app.ts'
import { need } from '../../shared/environment.ts'
import type { Config } from './config.ts'

export interface Services {
  /** The mobile application (移动应用): login by the code of its SDK. The calls are those of web login. */
  app: OfficialAccount
  /** The Official Account through which one logs in on the page, if there is one. */
  mp: OfficialAccount | undefined
  pay: WeChatPayV2
}

export const NOTIFY_PATH = '/payment/notify'

/** Makes the clients from the environment, or from the accounts of the simulator. */
export function createServices({ config, upstream, store, logger }: AppParts<Config>): Services {
  const { credentials: simulated } = upstream
  const api = { store, logger, ...upstream.target }
  const app = simulated?.app ?? { appId: need(config.WEIXIN_APP_ID), appSecret: need(config.WEIXIN_APP_SECRET) }
  const { WEIXIN_MP_APP_ID: appId, WEIXIN_MP_APP_SECRET: appSecret } = config
  const mp = simulated?.officialAccount ?? (appId && appSecret ? { appId, appSecret } : undefined)
  const merchant = simulated?.payV2 ?? { mchId: need(config.WEIXIN_MCH_ID), apiKey: need(config.WEIXIN_PAY_KEY) }
  return {
    app: new OfficialAccount({ ...app, ...api }),
    mp: mp && new OfficialAccount({ ...mp, ...api }),
    pay: new WeChatPayV2({
      ...merchant,
      appId: app.appId,
      ...api,
      notifyUrl: config.PUBLIC_URL + NOTIFY_PATH
    })
  }
}
