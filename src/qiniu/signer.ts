import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { toUrlSafe, viewOf } from './encoding.ts'
import { ShortHmac } from './short-hmac.ts'

/** Signs with the access key and secret key of an account. The secret is private. */
export class QiniuSigner {
  readonly accessKey: string
  readonly #key: KeyObject
  readonly #short: ShortHmac

  constructor(accessKey: string, secretKey: string) {
    this.accessKey = accessKey
    this.#key = createSecretKey(secretKey, 'utf8')
    this.#short = new ShortHmac(Buffer.from(secretKey, 'utf8'))
  }

  /** Returns `AccessKey:signature` over the joined parts. */
  sign(first: string, second?: string | Uint8Array): string {
    const base64 = (second === undefined ? this.#short.sign(first) : undefined) ?? this.#hmac(first, second)
    return `${this.accessKey}:${toUrlSafe(base64)}`
  }

  /** Returns the secret as text, which the official package requires. Never log the result. */
  revealSecretKey(): string {
    return this.#key.export().toString('utf8')
  }

  #hmac(first: string, second: string | Uint8Array = ''): string {
    const hmac = createHmac('sha1', this.#key).update(first)
    return hmac.update(typeof second === 'string' ? second : viewOf(second)).digest('base64')
  }
}
