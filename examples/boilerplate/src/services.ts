import { MessageGateway } from 'weixin-kit/gateway'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { accountsOf } from '../../shared/accounts.ts'
import type { AppParts } from '../../shared/app.ts'
import type { Config } from './config.ts'

export interface Services {
  mini: MiniProgram
  mp: OfficialAccount
  gateway: MessageGateway
}

/** Makes the clients from the environment, or from the accounts of the simulator. */
export function createServices({ config, upstream, store, logger }: AppParts<Config>): Services {
  const accounts = accountsOf(upstream.credentials, config.accounts)
  const { miniProgram, officialAccount } = accounts
  const gateway = 'gateway' in accounts ? accounts.gateway : { ...accounts.gatewayToken, ...accounts.gatewayKey }
  const shared = { store, logger, ...upstream.target }
  const { WEIXIN_MP_ORIGINAL_ID: originalId } = config
  return {
    mini: new MiniProgram({ ...miniProgram, ...shared }),
    mp: new OfficialAccount({ ...officialAccount, ...shared }),
    gateway: new MessageGateway({ appId: officialAccount.appId, ...gateway, originalId, ...shared })
  }
}
