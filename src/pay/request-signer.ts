import type { KeyObject } from 'node:crypto'
import { nodeCrypto } from '../internal/node-crypto.ts'
import { requestMessage } from './messages.ts'

/** Schema of the `Authorization` header and value of `Wechatpay-Signature-Type`. */
export const SIGNATURE_SCHEMA = 'WECHATPAY2-SHA256-RSA2048'

export interface RequestSignerOptions {
  mchId: string
  /** As it is sent: upper-case hexadecimal, leading zeros kept. */
  serial: string
  privateKey: KeyObject
  now: () => number
  nonce: () => string
}

/** A signed request: the header, and what was signed, to be compared should the platform disagree. */
export interface Authorization {
  readonly value: string
  readonly message: Buffer
}

/** Signs with the merchant's private key, which never leaves it. */
export class RequestSigner {
  readonly #options: RequestSignerOptions
  #signing = 0
  #calling = 0

  constructor(options: RequestSignerOptions) {
    this.#options = options
  }

  /**
   * The `Authorization` header of one attempt.
   *
   * A signature takes a third of a millisecond or more. It is made on the thread pool, so that many at once use all cores and
   * the event loop stays free; only a call that is all alone signs right here, because the way to the pool and back would
   * cost it a sixth more.
   *
   * @param target path and query exactly as they are sent
   * @param body exactly the bytes that are sent; for an upload the text of its `meta` part
   */
  async authorize(method: string, target: string, body: string | Uint8Array): Promise<Authorization> {
    const { mchId, serial, now, nonce } = this.#options
    const timestamp = String(Math.floor(now() / 1000))
    const nonceText = nonce()
    const message = requestMessage(method, target, timestamp, nonceText, body)
    this.#signing++
    try {
      // Those that come in the same turn of the loop are counted before one of them decides.
      await undefined
      const isAlone = this.#signing === 1 && this.#calling <= 1
      const signature = isAlone ? this.#sign(message) : await this.#signInPool(message)
      const value = `${SIGNATURE_SCHEMA} mchid="${mchId}",nonce_str="${nonceText}",signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`
      return { value, message }
    } finally {
      this.#signing--
    }
  }

  /** Runs a whole call; while several run, none of them is alone. */
  async during<T>(call: () => Promise<T>): Promise<T> {
    this.#calling++
    try {
      return await call()
    } finally {
      this.#calling--
    }
  }

  #sign(message: Buffer): string {
    return nodeCrypto().sign('sha256', message, this.#options.privateKey).toString('base64')
  }

  #signInPool(message: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      nodeCrypto().sign('sha256', message, this.#options.privateKey, (error, signature) => {
        if (error) reject(error)
        else resolve(signature.toString('base64'))
      })
    })
  }
}
