import type { KeyObject } from 'node:crypto'
import { ConfigError } from '../../errors/index.ts'

export interface LoadedPkcs12 {
  key: KeyObject
  /** PEM of the certificate that belongs to the key. */
  certificate: string
  /** PEM of the other certificates. */
  chain: string[]
}

export function loadPkcs12(_pfx: Uint8Array, _passphrase: string, option = 'clientCert.pfx'): LoadedPkcs12 {
  throw new ConfigError('not yet', { code: 'ERR_PKCS12_MALFORMED', option })
}
