import type { KeyObject } from 'node:crypto'
import type { Identity, KeyRing } from '../crypto/key-ring.ts'
import type { MerchantAccount } from '../framework/accounts.ts'

export interface SigningKey {
  readonly serial: string
  readonly key: KeyObject
}

/** The keys that the platform signs with and decrypts with: the public key (微信支付公钥) and platform certificates (平台证书). */
export class PlatformKeys {
  readonly #ring: KeyRing
  readonly #now: () => number
  /** How often the platform certificate was replaced. */
  generation = 0
  #turn = 0

  constructor(ring: KeyRing, now: () => number) {
    this.#ring = ring
    this.#now = now
  }

  get current(): Identity {
    return this.#ring.platform(this.generation)
  }

  /** Certificates that are still valid, the newest first. */
  get certificates(): Identity[] {
    const all = Array.from({ length: this.generation + 1 }, (_, i) => this.#ring.platform(this.generation - i))
    return all.filter(({ certificate }) => Date.parse(certificate.validTo) > this.#now())
  }

  rotate(): Identity {
    this.generation++
    return this.current
  }

  /** The key for a response. During a migration (`both`) the serial that the request names decides. */
  forAnswer(merchant: MerchantAccount, requested: string | null): SigningKey {
    if (merchant.platformKey === 'publicKey') return this.#publicKey()
    if (merchant.platformKey === 'both' && requested === this.#ring.publicKeyId) return this.#publicKey()
    return this.#certificate()
  }

  /** The key for a notification. During a migration both kinds come, in turn. */
  forNotification(merchant: MerchantAccount): SigningKey {
    if (merchant.platformKey === 'both') return this.#turn++ % 2 === 0 ? this.#publicKey() : this.#certificate()
    return merchant.platformKey === 'publicKey' ? this.#publicKey() : this.#certificate()
  }

  /** What decrypts a field that was encrypted for this serial; `undefined` when the account does not have it. */
  decryptionKey(merchant: MerchantAccount, serial: string): KeyObject | undefined {
    if (serial === this.#ring.publicKeyId) {
      return merchant.platformKey === 'certificate' ? undefined : this.#publicKey().key
    }
    if (merchant.platformKey === 'publicKey') return undefined
    return this.certificates.find(({ serialNumber }) => serialNumber === serial.toUpperCase())?.privateKey
  }

  #publicKey(): SigningKey {
    return { serial: this.#ring.publicKeyId, key: this.#ring.privateKey('platformPublic') }
  }

  #certificate(): SigningKey {
    return { serial: this.current.serialNumber, key: this.current.privateKey }
  }
}
