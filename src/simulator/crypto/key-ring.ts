import { createHash, createPrivateKey, createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { SIMULATOR_KEY_MATERIAL, type SimulatorKeyName } from './key-material.ts'
import { createServerAuthority, createServerCertificate, type ServerAuthority } from './server-authority.ts'
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

/** Keys and certificates of a simulator, parsed and made at first use and dated from its clock. */
export class KeyRing {
  readonly #now: () => number
  readonly #seed: string
  readonly #hosts: () => readonly string[]
  #serverAuthority: ServerAuthority | undefined
  readonly #keys = new Map<SimulatorKeyName, KeyObject>()
  readonly #identities = new Map<string, Identity>()

  /** @param hosts Names that the TLS skin serves, asked for when they are needed. */
  constructor(now: () => number, seed: string, hosts: () => readonly string[] = () => []) {
    this.#now = now
    this.#seed = seed
    this.#hosts = hosts
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

  /** The authority behind the TLS skin: made in memory, unless one that is kept on disk was set. */
  get serverAuthority(): ServerAuthority {
    this.#serverAuthority ??= createServerAuthority(this.#hosts())
    return this.#serverAuthority
  }

  set serverAuthority(authority: ServerAuthority) {
    this.#serverAuthority = authority
  }

  /** Server certificate for the TLS skin. */
  server(hosts: readonly string[]): { key: string; cert: string } {
    return createServerCertificate(this.serverAuthority, hosts)
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
