import { ConfigError } from '../../errors/index.ts'

/** A call that needs the merchant certificate, of a client without one. */
export function missingCertificate(operation: string): ConfigError {
  return new ConfigError(
    `${operation} needs the merchant certificate (双向证书): give the client clientCert: { pfx } or { cert, key }. Nothing was sent.`,
    { option: 'clientCert', product: 'pay' }
  )
}
