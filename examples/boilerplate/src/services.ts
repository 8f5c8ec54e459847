import { MessageGateway } from 'weixin-kit/gateway'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import type { AppParts } from '../../shared/app.ts'
import { need } from '../../shared/environment.ts'
import type { Config } from './config.ts'

export interface Services {
  mini: MiniProgram
  mp: OfficialAccount
  gateway: MessageGateway
}

/** Makes the clients from the environment, or from the accounts of the simulator. */
export function createServices({ config, upstream, store, logger }: AppParts<Config>): Services {
  const { credentials: simulated } = upstream
  const shared = { store, logger, ...upstream.target }
  const mini = simulated?.miniProgram ?? {
    appId: need(config.MINIAPP_APP_ID),
    appSecret: need(config.MINIAPP_APP_SECRET)
  }
  const account = simulated?.officialAccount ?? {
    appId: need(config.WEIXIN_APP_ID),
    appSecret: need(config.WEIXIN_APP_SECRET)
  }
  const gateway = simulated?.gateway ?? {
    appId: account.appId,
    token: need(config.WEIXIN_TOKEN),
    ...(config.WEIXIN_AES_KEY ? { encodingAESKey: config.WEIXIN_AES_KEY } : {})
  }
  return {
    mini: new MiniProgram({ ...mini, ...shared }),
    mp: new OfficialAccount({ ...account, ...shared }),
    gateway: new MessageGateway({ ...gateway, originalId: config.WEIXIN_ID, ...shared })
  }
}
