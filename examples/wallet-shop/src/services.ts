import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { accountsOf } from '../../shared/accounts.ts'
import type { AppParts } from '../../shared/app.ts'
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
  const { app, payV2, officialAccount } = accountsOf(upstream.credentials, config.accounts)
  const shared = { store, logger, ...upstream.target }
  return {
    app: new OfficialAccount({ ...app, ...shared }),
    mp: officialAccount && new OfficialAccount({ ...officialAccount, ...shared }),
    pay: new WeChatPayV2({ ...payV2, appId: app.appId, ...shared, notifyUrl: config.PUBLIC_URL + NOTIFY_PATH })
  }
}
