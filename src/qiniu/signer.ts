import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { toUrlSafe, viewOf } from './encoding.ts'
import { ShortHmac } from './short-hmac.ts'

/** Access key and secret key of an account. The secret stays inside. */
export class QiniuSigner {
  readonly accessKey: string
  readonly #key: KeyObject
  readonly #short: ShortHmac

  constructor(accessKey: string, secretKey: string) {
    this.accessKey = accessKey
    this.#key = createSecretKey(secretKey, 'utf8')
    this.#short = new ShortHmac(Buffer.from(secretKey, 'utf8'))
  }

  /** `AccessKey:signature` over the parts in a row. */
  sign(first: string, second?: string | Uint8Array): string {
    const base64 = (second === undefined ? this.#short.sign(first) : undefined) ?? this.#hmac(first, second)
    return `${this.accessKey}:${toUrlSafe(base64)}`
  }

  /** The secret as text, for the official package, which takes nothing else. Never log the result. */
  revealSecretKey(): string {
    return this.#key.export().toString('utf8')
  }

  #hmac(first: string, second: string | Uint8Array = ''): string {
    const hmac = createHmac('sha1', this.#key).update(first)
    return hmac.update(typeof second === 'string' ? second : viewOf(second)).digest('base64')
  }
}
