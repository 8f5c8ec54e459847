import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Logger, Store } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPayV2 } from 'weixin-kit/pay'
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
  const { credentials: simulated } = upstream
  const shared = { store, logger }
  const account = simulated?.officialAccount ?? {
    appId: need(config, 'WEIXIN_APP_ID'),
    appSecret: need(config, 'WEIXIN_APP_SECRET')
  }
  const merchant = simulated?.payV2 ?? {
    mchId: need(config, 'WEIXIN_MCH_ID'),
    apiKey: need(config, 'WEIXIN_PAY_KEY'),
    clientCert: {
      cert: readFileSync(need(config, 'WEIXIN_CERT_PATH'), 'utf8'),
      key: readFileSync(need(config, 'WEIXIN_KEY_PATH'), 'utf8')
    }
  }
  const storage = simulated?.qiniu ?? {
    accessKey: need(config, 'QINIU_ACCESS_KEY'),
    secretKey: need(config, 'QINIU_SECRET_KEY'),
    bucket: need(config, 'QINIU_BUCKET'),
    domain: need(config, 'QINIU_DOMAIN')
  }
  const { token, encodingAESKey } = simulated?.gateway ?? {
    token: need(config, 'WEIXIN_TOKEN'),
    encodingAESKey: need(config, 'WEIXIN_AES_KEY')
  }
  return {
    mp: new OfficialAccount({ ...account, ...shared, ...upstream.optionsFor('api.weixin.qq.com') }),
    pay: new WeChatPayV2({
      ...merchant,
      appId: account.appId,
      ...shared,
      ...upstream.optionsFor('api.mch.weixin.qq.com'),
      ...(config.CA_CERTS_PATH ? { ca: readFileSync(config.CA_CERTS_PATH, 'utf8') } : {}),
      notifyUrl: config.PUBLIC_URL + NOTIFY_PATH,
      refundNotifyUrl: config.PUBLIC_URL + REFUND_NOTIFY_PATH
    }),
    gateway: new MessageGateway({ appId: account.appId, token, encodingAESKey, ...shared }),
    qiniu: new Qiniu({ ...storage, logger, ...upstream.optionsFor('uc.qiniuapi.com') }),
    yunpian: new Yunpian({
      ...(simulated?.yunpian ?? { apiKey: need(config, 'YUNPIAN_API_KEY') }),
      logger,
      ...upstream.optionsFor('sms.yunpian.com')
    })
  }
}

/** `AES_KEY_SEED` of the document: here the key under which phone numbers are kept, never the numbers themselves. */
export function hashWithSeed(config: Config, text: string): string {
  return createHmac('sha256', config.AES_KEY_SEED ?? 'development')
    .update(text)
    .digest('hex')
}

function need(config: Config, name: keyof Config): string {
  const value = config[name]
  if (typeof value !== 'string')
    throw new Error(`${name} is missing: with WEIXIN_APP_ID set, all services are the real ones`)
  return value
}
