import type { KeyRing } from './crypto/key-ring.ts'
import { createPkcs12 } from './crypto/pkcs12.ts'
import type { AccountBook, MerchantAccount, VirtualPaymentSettings, WeChatAccount } from './framework/accounts.ts'
import { apiSecurityCredentials } from './wechat/api-security.ts'

/** Options of `new OfficialAccount(…)` or `new MiniProgram(…)`. */
export interface WeChatCredentials {
  readonly appId: string
  readonly appSecret: string
}

/** Options of `new MiniProgram(…)`. */
export interface MiniProgramCredentials extends WeChatCredentials {
  readonly virtualPayment?: VirtualPaymentSettings
}

/** Options of `new MessageGateway(…)`. */
export interface GatewayCredentials {
  readonly appId: string
  readonly token: string
  readonly encodingAESKey: string
}

/** Options of `new WeChatPayV2(…)`. */
export interface PayV2Credentials {
  readonly appId: string
  readonly mchId: string
  readonly apiKey: string
  /** `apiclient_cert.p12`, its passphrase is the merchant id. */
  readonly clientCert: { readonly pfx: Buffer; readonly passphrase: string }
}

/** The files that the merchant console provides. */
export interface MerchantFiles {
  /** `apiclient_cert.p12` as written by current tools (AES-256). */
  readonly pfx: Buffer
  /** `apiclient_cert.p12` as written by the console (RC2-40, 3DES), which OpenSSL 3 refuses. */
  readonly legacyPfx: Buffer
  /** `apiclient_cert.pem` */
  readonly cert: string
  /** `apiclient_key.pem` */
  readonly key: string
  readonly certSerial: string
}

/** Options of `new WeChatPay(…)`. */
export interface PayV3Credentials {
  readonly appId: string
  readonly mchId: string
  readonly apiV3Key: string
  readonly privateKey: string
  readonly certSerial: string
  /** Public key by id, and the platform certificate by serial. */
  readonly platformKeys: Readonly<Record<string, string>>
}

/** Options of `new Qiniu(…)`. */
export interface QiniuCredentials {
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
  readonly domain: string
}

/** Accounts of a simulator, each ready to spread into the options of its client. */
export class SimulatorCredentials {
  readonly #accounts: AccountBook
  readonly #keys: KeyRing
  readonly #files = new Map<string, MerchantFiles>()

  /** @internal */
  constructor(accounts: AccountBook, keys: KeyRing) {
    this.#accounts = accounts
    this.#keys = keys
  }

  get officialAccount(): WeChatCredentials {
    return wechat(this.#accounts.first('officialAccount'))
  }

  get miniProgram(): MiniProgramCredentials {
    const account = this.#accounts.first('miniProgram')
    return account.virtualPayment ? { ...wechat(account), virtualPayment: account.virtualPayment } : wechat(account)
  }

  /** Option `apiSecurity` of the mini program: keys of the console page "API security" (API安全). */
  get apiSecurity() {
    return apiSecurityCredentials(this.#keys, this.#accounts.first('miniProgram'))
  }

  /** Website application of the open platform, for the QR code login on a PC. */
  get website(): WeChatCredentials {
    return wechat(this.#accounts.first('website'))
  }

  /** Mobile application of the open platform. */
  get app(): WeChatCredentials {
    return wechat(this.#accounts.first('app'))
  }

  /** Gateway of the official account. */
  get gateway(): GatewayCredentials {
    return gateway(this.#accounts.first('officialAccount'))
  }

  /** Gateway of the mini program. */
  get miniProgramGateway(): GatewayCredentials {
    return gateway(this.#accounts.first('miniProgram'))
  }

  get payV2(): PayV2Credentials {
    const merchant = this.#merchant()
    return {
      appId: this.officialAccount.appId,
      mchId: merchant.mchId,
      apiKey: merchant.apiKey,
      clientCert: { pfx: this.merchantFiles().pfx, passphrase: merchant.mchId }
    }
  }

  get payV3(): PayV3Credentials {
    const merchant = this.#merchant()
    const identity = this.#keys.merchant(merchant.mchId)
    return {
      appId: this.officialAccount.appId,
      mchId: merchant.mchId,
      apiV3Key: merchant.apiV3Key,
      privateKey: identity.privateKeyPem,
      certSerial: identity.serialNumber,
      platformKeys: this.#platformKeys(merchant.platformKey)
    }
  }

  get qiniu(): QiniuCredentials {
    const { accessKey, secretKey, bucket, domain } = first(this.#accounts.qiniu, 'qiniu')
    return { accessKey, secretKey, bucket, domain }
  }

  get yunpian(): { readonly apiKey: string } {
    return { apiKey: first(this.#accounts.yunpian, 'yunpian').apiKey }
  }

  get geetest(): { readonly captchaId: string; readonly privateKey: string } {
    const { captchaId, privateKey } = first(this.#accounts.geetest, 'geetest')
    return { captchaId, privateKey }
  }

  /**
   * Returns certificate and key of a merchant as files, in every format; without `mchId`, those of the first merchant.
   *
   * @param mchId Merchant number.
   */
  merchantFiles(mchId = this.#merchant().mchId): MerchantFiles {
    const known = this.#files.get(mchId)
    if (known) return known
    const { privateKey, privateKeyPem, certificate, certificatePem, serialNumber } = this.#keys.merchant(mchId)
    const pkcs12 = (kind: 'modern' | 'legacy') =>
      createPkcs12({ key: privateKey, certificate, passphrase: mchId, kind })
    let legacy: Buffer | undefined
    const files: MerchantFiles = {
      pfx: pkcs12('modern'),
      get legacyPfx() {
        legacy ??= pkcs12('legacy')
        return legacy
      },
      cert: certificatePem,
      key: privateKeyPem,
      certSerial: serialNumber
    }
    this.#files.set(mchId, files)
    return files
  }

  #platformKeys(kind: MerchantAccount['platformKey']): Record<string, string> {
    const { serialNumber, certificatePem } = this.#keys.platform()
    return {
      ...(kind === 'certificate' ? {} : { [this.#keys.publicKeyId]: this.#keys.publicKeyPem('platformPublic') }),
      ...(kind === 'publicKey' ? {} : { [serialNumber]: certificatePem })
    }
  }

  #merchant() {
    return first(this.#accounts.merchants, 'merchants')
  }
}

function wechat({ appId, appSecret }: WeChatAccount): WeChatCredentials {
  return { appId, appSecret }
}

function gateway(account: WeChatAccount): GatewayCredentials {
  return { appId: account.appId, token: account.gateway.token, encodingAESKey: account.gateway.encodingAESKey }
}

function first<T>(list: readonly T[], kind: string): T {
  const [one] = list
  if (one === undefined) throw new RangeError(`The simulator was created without an account of the kind ${kind}.`)
  return one
}
