import { readFileSync } from 'node:fs'

/** Throw-away keys and certificates of a merchant, its authority, and a server for 127.0.0.1. */
export interface MerchantCertificates {
  caCert: string
  serverCert: string
  serverKey: string
  /** Issued to the merchant by the CA. */
  cert: string
  key: string
  modernPfx: Buffer
  /** RC2-40 and 3DES, as the merchant platform made them for years. */
  legacyPfx: Buffer
  /** Issued to the merchant by another CA. */
  strangerCert: string
  strangerKey: string
}

/** Made once by `scripts/merchant-certificates.ts`, so that tests need no openssl program. */
export function merchantCertificates(mchId: '1900000109' | '1900000110'): MerchantCertificates {
  const path = new URL(`../fixtures/merchant-certificates/${mchId}.json`, import.meta.url)
  const { modernPfx, legacyPfx, ...texts } = JSON.parse(readFileSync(path, 'utf8'))
  return { ...texts, modernPfx: Buffer.from(modernPfx, 'base64'), legacyPfx: Buffer.from(legacyPfx, 'base64') }
}
