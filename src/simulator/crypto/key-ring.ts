import { createHash, createPrivateKey, createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { SIMULATOR_KEY_MATERIAL, type SimulatorKeyName } from './key-material.ts'
import { createCertificate } from './x509.ts'

/** A private key, its public key and a certificate over it. */
export interface Identity {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly privateKeyPem: string
  readonly certificate: X509Certificate
  readonly certificatePem: string
  /** Upper-case hexadecimal without leading zeros. */
  readonly serialNumber: string
}

const DAY_MS = 86_400_000
const AUTHORITY = { C: 'CN', O: 'Tenpay.com', OU: 'Tenpay.com CA Center', CN: 'Tenpay.com Root CA' } as const
const SERVER_AUTHORITY = { O: 'weixin-kit simulator', CN: 'weixin-kit simulator CA' } as const

/** Keys and certificates of a simulator, parsed and made at first use and dated from its clock. */
export class KeyRing {
  readonly #now: () => number
  readonly #seed: string
  readonly #keys = new Map<SimulatorKeyName, KeyObject>()
  readonly #identities = new Map<string, Identity>()

  constructor(now: () => number, seed: string) {
    this.#now = now
    this.#seed = seed
  }

  privateKey(name: SimulatorKeyName): KeyObject {
    let key = this.#keys.get(name)
    if (!key) {
      key = createPrivateKey({ key: Buffer.from(SIMULATOR_KEY_MATERIAL[name], 'base64'), format: 'der', type: 'pkcs8' })
      this.#keys.set(name, key)
    }
    return key
  }

  publicKey(name: SimulatorKeyName): KeyObject {
    return createPublicKey(this.privateKey(name))
  }

  publicKeyPem(name: SimulatorKeyName): string {
    return String(this.publicKey(name).export({ type: 'spki', format: 'pem' }))
  }

  /** API certificate (商户 API 证书) of a merchant; `next` is the one after a renewal. */
  merchant(mchId: string, next = false): Identity {
    return this.#identity(`merchant ${mchId} ${next}`, next ? 'merchantNext' : 'merchant', () => ({
      subject: { C: 'CN', ST: 'GuangDong', L: 'ShenZhen', O: '微信商户系统', OU: '模拟商户', CN: mchId },
      days: 5 * 365
    }))
  }

  /** Platform certificate (微信支付平台证书) after so many rotations. */
  platform(generation = 0): Identity {
    return this.#identity(`platform ${generation}`, generation % 2 ? 'platformNext' : 'platform', () => ({
      subject: {
        C: 'CN',
        ST: 'GuangDong',
        L: 'ShenZhen',
        O: 'Tenpay.com',
        OU: 'Tenpay.com CA Center',
        CN: 'Tenpay.com sign'
      },
      days: 5 * 365
    }))
  }

  /** Id of the WeChat Pay public key (微信支付公钥 ID). */
  get publicKeyId(): string {
    const digits = BigInt(`0x${createHash('sha256').update(`public key id\n${this.#seed}`).digest('hex').slice(0, 24)}`)
    return `PUB_KEY_ID_01${digits.toString().padStart(26, '0').slice(-26)}`
  }

  /** PEM of the authority that signs the TLS server certificate; clients give it as `ca`. */
  get serverAuthorityPem(): string {
    const key = this.privateKey('authority')
    // Fixed dates: the same bytes on every start, so that it can be trusted once (NODE_EXTRA_CA_CERTS).
    return createCertificate({
      subject: SERVER_AUTHORITY,
      issuer: SERVER_AUTHORITY,
      publicKey: key,
      signingKey: key,
      serialNumber: '01',
      notBefore: Date.UTC(2020, 0, 1),
      notAfter: Date.UTC(2049, 0, 1),
      isAuthority: true
    }).toString()
  }

  /** Server certificate for the TLS skin. Dated from the real time, because real clients check it. */
  server(hosts: readonly string[]): { key: string; cert: string } {
    const key = this.privateKey('server')
    const cert = createCertificate({
      subject: { O: 'weixin-kit simulator', CN: 'localhost' },
      issuer: SERVER_AUTHORITY,
      publicKey: key,
      signingKey: this.privateKey('authority'),
      serialNumber: this.#serial('server'),
      notBefore: Date.now() - DAY_MS,
      notAfter: Date.now() + 365 * DAY_MS,
      hosts
    })
    return { key: String(key.export({ type: 'pkcs8', format: 'pem' })), cert: cert.toString() }
  }

  #serial(name: string): string {
    // 20 bytes; a first byte of 0x40–0x7f keeps it positive and of full length, as serials of merchants are.
    const hex = createHash('sha1').update(`${this.#seed}\n${name}`).digest('hex').toUpperCase()
    return `5${hex.slice(1)}`
  }

  #identity(
    id: string,
    name: SimulatorKeyName,
    make: () => { subject: Parameters<typeof createCertificate>[0]['subject']; days: number }
  ): Identity {
    let identity = this.#identities.get(id)
    if (identity) return identity
    const privateKey = this.privateKey(name)
    const { subject, days } = make()
    const start = Math.floor(this.#now() / DAY_MS) * DAY_MS
    const certificate = createCertificate({
      subject,
      issuer: AUTHORITY,
      publicKey: privateKey,
      signingKey: this.privateKey('authorityRsa'),
      serialNumber: this.#serial(id),
      notBefore: start - 30 * DAY_MS,
      notAfter: start + days * DAY_MS
    })
    identity = {
      privateKey,
      publicKey: createPublicKey(privateKey),
      privateKeyPem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
      certificate,
      certificatePem: certificate.toString(),
      serialNumber: certificate.serialNumber
    }
    this.#identities.set(id, identity)
    return identity
  }
}
