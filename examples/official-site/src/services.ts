import { readFileSync } from 'node:fs'
import type { Logger, Store } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import { Yunpian } from 'weixin-kit/yunpian'
import type { Upstream } from '../../shared/upstream.ts'
import type { Config } from './config.ts'

/** The clients of one account of everything. */
export interface Services {
  mp: OfficialAccount
  pay: WeChatPayV2
  gateway: MessageGateway
  qiniu: Qiniu
  yunpian: Yunpian
}

export const NOTIFY_PATH = '/extensions/wx/pay/notify/'
export const REFUND_NOTIFY_PATH = '/extensions/wx/pay/refund_notify/'

/** Makes the clients from the variables of the document, or from the accounts of the simulator. */
export function createServices(config: Config, upstream: Upstream, store: Store, logger: Logger): Services {
  const accounts = upstream.credentials ?? accountsOf(config)
  const { appId } = accounts.officialAccount
  const shared = { store, logger }
  return {
    mp: new OfficialAccount({ ...accounts.officialAccount, ...shared, ...upstream.optionsFor('api.weixin.qq.com') }),
    pay: new WeChatPayV2({
      ...accounts.payV2,
      appId,
      ...shared,
      ...upstream.optionsFor('api.mch.weixin.qq.com'),
      ...(config.CA_CERTS_PATH ? { ca: readPem('CA_CERTS_PATH', config.CA_CERTS_PATH) } : {}),
      notifyUrl: config.PUBLIC_URL + NOTIFY_PATH,
      refundNotifyUrl: config.PUBLIC_URL + REFUND_NOTIFY_PATH
    }),
    gateway: new MessageGateway({ ...accounts.gateway, appId, ...shared }),
    qiniu: new Qiniu({ ...accounts.qiniu, logger, ...upstream.optionsFor('uc.qiniuapi.com') }),
    yunpian: new Yunpian({ ...accounts.yunpian, logger, ...upstream.optionsFor('sms.yunpian.com') })
  }
}

/** The accounts of the environment in the shape in which the simulator gives its own. */
function accountsOf(config: Config) {
  const need = (name: keyof Config): string => {
    const value = config[name]
    if (typeof value !== 'string') throw new Error('readConfig lets no half-configured account through')
    return value
  }
  return {
    officialAccount: { appId: need('WEIXIN_APP_ID'), appSecret: need('WEIXIN_APP_SECRET') },
    gateway: { token: need('WEIXIN_TOKEN'), encodingAESKey: need('WEIXIN_AES_KEY') },
    payV2: {
      mchId: need('WEIXIN_MCH_ID'),
      apiKey: need('WEIXIN_PAY_KEY'),
      clientCert: {
        cert: config.WEIXIN_CERT_PEM ?? readPem('WEIXIN_CERT_PATH', need('WEIXIN_CERT_PATH')),
        key: config.WEIXIN_KEY_PEM ?? readPem('WEIXIN_KEY_PATH', need('WEIXIN_KEY_PATH'))
      }
    },
    qiniu: {
      accessKey: need('QINIU_ACCESS_KEY'),
      secretKey: need('QINIU_SECRET_KEY'),
      bucket: need('QINIU_BUCKET'),
      domain: need('QINIU_DOMAIN')
    },
    yunpian: { apiKey: need('YUNPIAN_API_KEY') }
  }
}

function readPem(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`${variable}: the file cannot be read`, { cause })
  }
}
