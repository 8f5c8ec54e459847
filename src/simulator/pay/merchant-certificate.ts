import { X509Certificate } from 'node:crypto'
import type { MerchantAccount } from '../framework/accounts.ts'
import type { SimulatorContext } from '../framework/context.ts'
import type { Exchange } from '../framework/exchange.ts'

/** Checks the API certificate (商户 API 证书) of a connection; a text says what is wrong with it. */
export function requireMerchantCertificate(
  context: SimulatorContext,
  exchange: Exchange,
  merchant: MerchantAccount
): string | undefined {
  const presented = exchange.clientCertificate
  if (!presented) {
    if (!exchange.seesClientCertificate && !context.requireClientCertificate) {
      exchange.hint ??= 'the client certificate was not checked: this transport cannot show one'
      return undefined
    }
    return '证书出错，请登录微信支付商户平台下载证书'
  }
  const certificate = new X509Certificate(presented.pem)
  // By issuer and serial: the same account has a certificate with other dates after a restart on another day.
  if (!certificate.verify(context.keys.publicKey('authorityRsa'))) return '证书验证失败：不是微信支付颁发的商户API证书'
  const serials = [context.keys.merchant(merchant.mchId), context.keys.merchant(merchant.mchId, true)]
  if (!serials.some(({ serialNumber }) => serialNumber === presented.serialNumber)) {
    return '商户号与证书不匹配'
  }
  if (Date.parse(certificate.validTo) <= context.clock.now()) return '证书已过期'
  exchange.verified(`client certificate ${presented.serialNumber}`)
  return undefined
}
