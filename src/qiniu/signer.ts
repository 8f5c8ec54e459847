import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { padBase64, viewOf } from './encoding.ts'

/** Access key and secret key of an account. The secret stays inside. */
export class QiniuSigner {
  readonly accessKey: string
  readonly #key: KeyObject

  constructor(accessKey: string, secretKey: string) {
    this.accessKey = accessKey
    this.#key = createSecretKey(secretKey, 'utf8')
  }

  /** `AccessKey:signature` over the parts in a row. */
  sign(...parts: readonly (string | Uint8Array)[]): string {
    const hmac = createHmac('sha1', this.#key)
    for (const part of parts) hmac.update(typeof part === 'string' ? part : viewOf(part))
    return `${this.accessKey}:${padBase64(hmac.digest('base64url'))}`
  }

  /** The secret as text, for the official package, which takes nothing else. Never log the result. */
  revealSecretKey(): string {
    return this.#key.export().toString('utf8')
  }
}
