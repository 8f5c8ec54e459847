import { baseUrlOf, Endpoints } from '../../core/endpoints.ts'
import { HttpClient } from '../../core/http-client.ts'
import { checkOptions } from '../../core/options.ts'
import type { CertificateInfo } from '../common/certificate-info.ts'
import { type LoadedClientCertificate, loadClientCertificate } from '../common/client-certificate.ts'
import { sandboxRules, type WeChatPayV2Options } from './options.ts'
import type { NotificationAccount } from './parse-notification.ts'
import { PayV2Client, type PayV2ClientOptions } from './pay-v2-client.ts'
import { fetchSandboxKey, SANDBOX_PREFIX, SandboxKey } from './sandbox-key.ts'
import { Signer } from './signer.ts'

const MAIN_HOST = 'api.mch.weixin.qq.com'
const BACKUP_HOST = 'api2.mch.weixin.qq.com'
const EXPIRY_WARNING_MS = 30 * 86_400_000

/** What a client of one account works with, in production or in the sandbox. */
export interface OpenAccount {
  readonly account: NotificationAccount
  readonly certificate: CertificateInfo | undefined
  readonly http: HttpClient
  readonly client: PayV2Client
  /** @throws {ConfigError} ERR_CONFIG when the key of the sandbox was not fetched yet */
  signerAtHand(): Signer
  /** Fetches the key of the sandbox first if need be. */
  fetchSigner(): Promise<Signer>
}

/** Loads the certificate and connects an account whose options were checked. */
export function openAccount(options: WeChatPayV2Options): OpenAccount {
  const { apiKey, clientCert: _, sandbox, ...httpOptions } = options
  const { appId, mchId, signType = 'HMAC-SHA256', furtherAppIds = [], subAppId, subMchId, logger } = options
  const certificate = loadCertificate(options)
  const http = new HttpClient({
    ...httpOptions,
    product: 'pay',
    secrets: [apiKey],
    ...(certificate ? { clientCertificate: { cert: certificate.cert, key: certificate.key } } : {})
  })
  const account: NotificationAccount = { appId, furtherAppIds, mchId, subAppId, subMchId, signType }
  const shared: Omit<PayV2ClientOptions, 'pathPrefix' | 'signer'> = {
    account,
    signType,
    http,
    endpoints: new Endpoints(MAIN_HOST, baseUrlOf(options, MAIN_HOST)),
    backupHost: options.backupHost === false ? undefined : (options.backupHost ?? BACKUP_HOST),
    hasCertificate: certificate !== undefined,
    logger,
    notifyUrl: options.notifyUrl,
    refundNotifyUrl: options.refundNotifyUrl
  }
  const signer = new Signer(apiKey)
  const production = new PayV2Client({ ...shared, pathPrefix: '', signer: () => signer })
  const opened = { account, certificate: certificate?.info, http }
  if (!sandbox) return { ...opened, client: production, signerAtHand: () => signer, fetchSigner: async () => signer }

  if (sandbox !== true) checkOptions(sandbox, sandboxRules(), { owner: 'WeChatPayV2 sandbox', product: 'pay' })
  const key = new SandboxKey(
    () => fetchSandboxKey(production),
    () => http.now(),
    sandbox === true ? undefined : sandbox.signKey
  )
  return {
    ...opened,
    client: new PayV2Client({ ...shared, pathPrefix: SANDBOX_PREFIX, signer: () => key.get() }),
    signerAtHand: () => key.getAtHand(),
    fetchSigner: () => key.get()
  }
}

function loadCertificate(options: WeChatPayV2Options): LoadedClientCertificate | undefined {
  const { clientCert, mchId, clock = Date.now, logger } = options
  if (!clientCert) return undefined
  const nowMs = clock()
  const certificate = loadClientCertificate(clientCert, { owner: 'WeChatPayV2', mchId, nowMs })
  const { serial, notAfter } = certificate.info
  if (notAfter.getTime() - nowMs < EXPIRY_WARNING_MS) {
    logger?.warn?.(`The merchant certificate ${serial} expires on ${notAfter.toISOString()}: renew it in time.`, {
      product: 'pay'
    })
  }
  return certificate
}
