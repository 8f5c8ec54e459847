import { readFileSync } from 'node:fs'
import { MessageGateway } from 'weixin-kit/gateway'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import { Yunpian } from 'weixin-kit/yunpian'
import type { AppParts } from '../../shared/app.ts'
import { need } from '../../shared/environment.ts'
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
  const accounts = upstream.credentials ?? accountsOf(config)
  const { appId } = accounts.officialAccount
  const { target } = upstream
  const shared = { store, logger, ...target }
  return {
    mp: new OfficialAccount({ ...accounts.officialAccount, ...shared }),
    pay: new WeChatPayV2({
      ...accounts.payV2,
      appId,
      ...shared,
      ...(upstream.payTarget ?? target),
      ...(config.CA_CERTS_PATH ? { ca: readPem('CA_CERTS_PATH', config.CA_CERTS_PATH) } : {}),
      notifyUrl: config.PUBLIC_URL + NOTIFY_PATH,
      refundNotifyUrl: config.PUBLIC_URL + REFUND_NOTIFY_PATH
    }),
    gateway: new MessageGateway({ ...accounts.gateway, appId, originalId: config.WEIXIN_ID, ...shared }),
    qiniu: new Qiniu({ ...accounts.qiniu, logger, ...target }),
    yunpian: new Yunpian({ ...accounts.yunpian, logger, ...target })
  }
}

/** The accounts of the environment in the shape in which the simulator gives its own. */
function accountsOf(config: Config) {
  return {
    officialAccount: { appId: need(config.WEIXIN_APP_ID), appSecret: need(config.WEIXIN_APP_SECRET) },
    gateway: { token: need(config.WEIXIN_TOKEN), encodingAESKey: need(config.WEIXIN_AES_KEY) },
    payV2: {
      mchId: need(config.WEIXIN_MCH_ID),
      apiKey: need(config.WEIXIN_PAY_KEY),
      clientCert: {
        cert: config.WEIXIN_CERT_PEM ?? readPem('WEIXIN_CERT_PATH', need(config.WEIXIN_CERT_PATH)),
        key: config.WEIXIN_KEY_PEM ?? readPem('WEIXIN_KEY_PATH', need(config.WEIXIN_KEY_PATH))
      }
    },
    qiniu: {
      accessKey: need(config.QINIU_ACCESS_KEY),
      secretKey: need(config.QINIU_SECRET_KEY),
      bucket: need(config.QINIU_BUCKET),
      domain: need(config.QINIU_DOMAIN)
    },
    yunpian: { apiKey: need(config.YUNPIAN_API_KEY) }
  }
}

function readPem(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`${variable}: the file cannot be read`, { cause })
  }
}
