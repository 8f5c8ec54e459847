import { readFileSync } from 'node:fs'
import { MessageGateway } from 'weixin-kit/gateway'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import { Yunpian } from 'weixin-kit/yunpian'
import { accountsOf } from '../../shared/accounts.ts'
import type { AppParts } from '../../shared/app.ts'
import type { Config } from './config.ts'

/** The clients of one account of everything. */
export interface Services {
  mp: OfficialAccount
  pay: WeChatPayV2
  gateway: MessageGateway
  qiniu: Qiniu
  yunpian: Yunpian
}

export const GATEWAY_PATH = '/extensions/wx/gateway/'
export const NOTIFY_PATH = '/extensions/wx/pay/notify/'
export const REFUND_NOTIFY_PATH = '/extensions/wx/pay/refund_notify/'

/** Makes the clients from the variables of the document, or from the accounts of the simulator. */
export function createServices({ config, upstream, store, logger }: AppParts<Config>): Services {
  const accounts = accountsOf(upstream.credentials, config.accounts)
  const clientCert = 'clientCert' in accounts ? { clientCert: accounts.clientCert } : {}
  const { appId } = accounts.officialAccount
  const { target } = upstream
  const shared = { store, logger, ...target }
  return {
    mp: new OfficialAccount({ ...accounts.officialAccount, ...shared }),
    pay: new WeChatPayV2({
      ...accounts.payV2,
      ...clientCert,
      appId,
      ...shared,
      ...(upstream.payTarget ?? target),
      ...(config.CA_CERTS_PATH ? { ca: readPem('CA_CERTS_PATH', config.CA_CERTS_PATH) } : {}),
      notifyUrl: config.PUBLIC_URL + NOTIFY_PATH,
      refundNotifyUrl: config.PUBLIC_URL + REFUND_NOTIFY_PATH
    }),
    gateway: new MessageGateway({ ...accounts.gateway, appId, originalId: config.WEIXIN_MP_ORIGINAL_ID, ...shared }),
    qiniu: new Qiniu({ ...accounts.qiniu, logger, ...target }),
    yunpian: new Yunpian({ ...accounts.yunpian, logger, ...target })
  }
}

function readPem(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`${variable}: the file cannot be read`, { cause })
  }
}
