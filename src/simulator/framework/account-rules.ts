import {
  anything,
  appId,
  checkOptions,
  flag,
  list,
  type OptionRules,
  oneOf,
  optional,
  record,
  text
} from '../../core/options.ts'
import type { SimulatorAccounts } from './accounts.ts'

const word = optional(text())

const GATEWAY: OptionRules = {
  token: word,
  encodingAESKey: optional(text(/^[A-Za-z0-9]{43}$/, '43 letters and digits')),
  mode: optional(oneOf('plain', 'compatible', 'encrypted')),
  format: optional(oneOf('xml', 'json'))
}

const RULES: Readonly<Record<keyof SimulatorAccounts, OptionRules>> = {
  wechat: {
    kind: optional(oneOf('officialAccount', 'miniProgram', 'website', 'app')),
    appId: optional(appId),
    appSecret: word,
    originalId: word,
    name: word,
    openPlatform: optional(anything),
    oauthDomains: optional(list),
    ipAllowList: optional(list),
    subscribeTemplates: optional(list),
    templates: optional(list),
    gateway: optional(record)
  },
  merchants: {
    mchId: optional(text(/^\d{1,32}$/, 'a merchant id (商户号) of digits')),
    appIds: optional(list),
    apiKey: optional(text(/^[\x21-\x7e]{32}$/, '32 characters')),
    apiV3Key: optional(text(/^[\x21-\x7e]{32}$/, '32 characters')),
    name: word,
    platformKey: optional(oneOf('publicKey', 'certificate', 'both'))
  },
  qiniu: { accessKey: word, secretKey: word, bucket: word, domain: word, region: word, private: optional(flag) },
  yunpian: { apiKey: word, templates: optional(list), signs: optional(list) },
  geetest: { captchaId: word, privateKey: word }
}

/**
 * @internal
 * @throws {ConfigError} ERR_CONFIG
 */
export function checkAccounts(accounts: SimulatorAccounts): void {
  const kinds = Object.keys(RULES) as (keyof SimulatorAccounts)[]
  const owner = 'createSimulator: accounts'
  checkOptions(accounts, Object.fromEntries(kinds.map((kind) => [kind, optional(list)])), {
    owner,
    product: 'simulator'
  })
  for (const kind of kinds) {
    for (const [i, account] of (accounts[kind] ?? []).entries()) {
      checkOptions(account, RULES[kind], { owner: `${owner}.${kind}[${i}]`, product: 'simulator' })
      if ('gateway' in account && account.gateway) {
        checkOptions(account.gateway, GATEWAY, { owner: `${owner}.${kind}[${i}].gateway`, product: 'simulator' })
      }
    }
  }
}
