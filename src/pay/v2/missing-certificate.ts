import { ConfigError } from '../../errors/index.ts'

/** Makes the error for a call that needs the merchant certificate, on a client without one. */
export function missingCertificate(operation: string): ConfigError {
  return new ConfigError(
    `${operation} needs the merchant certificate (双向证书): set the option clientCert: { pfx } or { cert, key } of the client. Nothing was sent.`,
    { option: 'clientCert', product: 'pay' }
  )
}
