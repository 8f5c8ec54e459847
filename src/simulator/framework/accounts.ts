import { createHash } from 'node:crypto'

/** How the platform talks to the server of an account. */
export interface GatewaySettings {
  readonly token: string
  readonly encodingAESKey: string
  /** 明文 / 兼容 / 安全模式 */
  readonly mode: 'plain' | 'compatible' | 'encrypted'
  readonly format: 'xml' | 'json'
}

/** An official account, a website application (open platform) or a mini program. */
export interface WeChatAccount {
  readonly kind: 'officialAccount' | 'miniProgram' | 'website' | 'app'
  readonly appId: string
  readonly appSecret: string
  /** 原始 ID (`gh_…`) */
  readonly originalId: string
  readonly name: string
  /** Accounts with the same value give a person the same unionid; `undefined` gives none. */
  readonly openPlatform: string | undefined
  /** Hosts that may be a `redirect_uri`; empty allows any. */
  readonly oauthDomains: readonly string[]
  /** Source addresses that may ask for tokens; empty allows any. */
  readonly ipAllowList: readonly string[]
  readonly gateway: GatewaySettings
  /** Virtual payment (虚拟支付): mini programs have it. */
  readonly virtualPayment?: VirtualPaymentSettings | undefined
  /** Subscribe messages (订阅消息) that the account has from the start. */
  readonly subscribeTemplates: readonly AccountSubscribeTemplate[]
  /** Template messages (模板消息) that the account has from the start. */
  readonly templates: readonly AccountTemplate[]
}

/** A subscribe message of an account, with the id that the application has in its configuration. */
export interface AccountSubscribeTemplate {
  readonly id: string
  /** Parameter names in order, e.g. `thing1`. */
  readonly keys: readonly string[]
  readonly title?: string | undefined
  /** 2: once (default), 3: long-term. */
  readonly type?: 2 | 3 | undefined
}

/** A template message of an account, with `{{first.DATA}}` placeholders. */
export interface AccountTemplate {
  readonly id: string
  readonly content: string
  readonly title?: string | undefined
}

/** The page "basic settings" of virtual payment. */
export interface VirtualPaymentSettings {
  readonly offerId: string
  readonly appKey: string
  readonly sandboxAppKey: string
}

/** A merchant of WeChat Pay (商户号). */
export interface MerchantAccount {
  readonly mchId: string
  /** App ids bound to the merchant; empty allows any of the simulator. */
  readonly appIds: readonly string[]
  /** v2 API key, 32 characters. */
  readonly apiKey: string
  /** APIv3 key, 32 bytes. */
  readonly apiV3Key: string
  readonly name: string
  /**
   * What the platform signs with for this merchant: its public key (微信支付公钥, how accounts are opened now), platform
   * certificates (平台证书), or both while a merchant moves from one to the other.
   */
  readonly platformKey: 'publicKey' | 'certificate' | 'both'
}

/** A Qiniu account with its first bucket. */
export interface QiniuAccount {
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
  /** Download domain of the bucket, without scheme. */
  readonly domain: string
  readonly region: string
  readonly private: boolean
}

/** A Yunpian account. */
export interface YunpianAccount {
  readonly apiKey: string
  /** Approved templates such as `【店名】您的验证码是#code#`, beside the default ones of the platform. */
  readonly templates: readonly string[]
  /** Approved signs (签名) without brackets; empty allows any. */
  readonly signs: readonly string[]
}

/** A captcha of Geetest. */
export interface GeetestAccount {
  readonly captchaId: string
  readonly privateKey: string
}

/** Accounts to simulate; what is left out of an entry is filled in. A kind that is absent gets one default account. */
export interface SimulatorAccounts {
  wechat?:
    | readonly (Partial<Omit<WeChatAccount, 'gateway'>> & { gateway?: Partial<GatewaySettings> | undefined })[]
    | undefined
  merchants?: readonly Partial<MerchantAccount>[] | undefined
  qiniu?: readonly Partial<QiniuAccount>[] | undefined
  yunpian?: readonly Partial<YunpianAccount>[] | undefined
  geetest?: readonly Partial<GeetestAccount>[] | undefined
}

/** @internal Every account of a simulator. */
export class AccountBook {
  readonly wechatAccounts: readonly WeChatAccount[]
  readonly merchants: readonly MerchantAccount[]
  readonly qiniu: readonly QiniuAccount[]
  readonly yunpian: readonly YunpianAccount[]
  readonly geetest: readonly GeetestAccount[]
  readonly #byAppId: Map<string, WeChatAccount>

  constructor(accounts: SimulatorAccounts, seed: string) {
    const hex = (length: number, ...name: (string | number)[]) =>
      createHash('sha512')
        .update(['weixin-kit simulator', seed, ...name].join('\n'))
        .digest('hex')
        .slice(0, length)
    const digits = (length: number, ...name: (string | number)[]) =>
      BigInt(`0x${hex(60, ...name)}`)
        .toString()
        .slice(-length)
    const letters = (length: number, ...name: (string | number)[]) =>
      createHash('sha512')
        .update(['letters', seed, ...name].join('\n'))
        .digest('base64')
        .replace(/[^A-Za-z0-9]/g, '')
        .slice(0, length)
    const defaults = [
      { kind: 'officialAccount' },
      { kind: 'miniProgram' },
      { kind: 'website' },
      { kind: 'app' }
    ] as const
    const given = accounts.wechat ?? []
    const wechat = [
      ...given,
      ...defaults.filter(({ kind }) => !given.some((one) => (one.kind ?? 'officialAccount') === kind))
    ]
    this.wechatAccounts = wechat.map((one: NonNullable<SimulatorAccounts['wechat']>[number], i) => {
      const kind = one.kind ?? 'officialAccount'
      const tag = `${kind}${i}`
      return {
        kind,
        appId: `wx${hex(16, 'appid', tag)}`,
        appSecret: hex(32, 'secret', tag),
        originalId: `gh_${hex(12, 'gh', tag)}`,
        name: {
          officialAccount: '模拟公众号',
          miniProgram: '模拟小程序',
          website: '模拟网站应用',
          app: '模拟移动应用'
        }[kind],
        openPlatform: 'open-platform-1',
        oauthDomains: [],
        ipAllowList: [],
        subscribeTemplates: [],
        templates: [],
        ...(kind === 'miniProgram'
          ? {
              virtualPayment: {
                offerId: `14${digits(8, 'offer', tag)}`,
                appKey: letters(32, 'xpay-live', tag),
                sandboxAppKey: letters(32, 'xpay-sandbox', tag)
              }
            }
          : {}),
        ...one,
        gateway: {
          token: `token${hex(12, 'token', tag)}`,
          // The last of 43 characters carries two spare bits; "A" is what a real console gives most often.
          encodingAESKey: `${letters(42, 'aes', tag)}A`,
          mode: 'encrypted' as const,
          format: 'xml' as const,
          ...one.gateway
        }
      }
    })
    this.merchants = (accounts.merchants ?? [{}]).map((one, i) => ({
      mchId: `16${digits(8, 'mchid', i)}`,
      appIds: [],
      apiKey: hex(32, 'apikey', i),
      apiV3Key: letters(32, 'apiv3key', i),
      name: '模拟商户',
      platformKey: 'publicKey' as const,
      ...one
    }))
    this.qiniu = (accounts.qiniu ?? [{}]).map((one, i) => ({
      accessKey: `SIM${letters(37, 'qiniu-ak', i)}`,
      secretKey: letters(40, 'qiniu-sk', i),
      bucket: i === 0 ? 'simulator' : `simulator-${i + 1}`,
      domain: i === 0 ? 'cdn.simulator.example' : `cdn${i + 1}.simulator.example`,
      region: 'z0',
      private: false,
      ...one
    }))
    this.yunpian = (accounts.yunpian ?? [{}]).map((one, i) => ({
      apiKey: hex(32, 'yunpian', i),
      templates: [],
      signs: [],
      ...one
    }))
    this.geetest = (accounts.geetest ?? [{}]).map((one, i) => ({
      captchaId: hex(32, 'geetest-id', i),
      privateKey: hex(32, 'geetest-key', i),
      ...one
    }))
    this.#byAppId = new Map(this.wechatAccounts.map((one) => [one.appId, one]))
  }

  wechat(appId: string): WeChatAccount | undefined {
    return this.#byAppId.get(appId)
  }

  wechatAppIds(): string[] {
    return [...this.#byAppId.keys()]
  }

  first(kind: WeChatAccount['kind']): WeChatAccount {
    const account = this.wechatAccounts.find((one) => one.kind === kind)
    if (!account) throw new RangeError(`no account of kind ${kind}`)
    return account
  }

  /** An account by app id or by kind (the first of it). */
  resolve(reference: string): WeChatAccount {
    const account =
      this.#byAppId.get(reference) ??
      this.wechatAccounts.find((one) => one.kind === reference || one.originalId === reference)
    if (account) return account
    throw new RangeError(
      `The simulator has no account ${JSON.stringify(reference)}; expected an app id or one of officialAccount, miniProgram, website, app.`
    )
  }

  merchant(mchId: string): MerchantAccount | undefined {
    return this.merchants.find((one) => one.mchId === mchId)
  }
}
