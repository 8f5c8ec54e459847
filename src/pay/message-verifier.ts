import { verify } from 'node:crypto'
import { SignatureError } from '../errors/index.ts'
import { isWellFormed } from '../internal/is-well-formed.ts'
import { responseMessage } from './messages.ts'
import type { PlatformKey } from './platform-key.ts'
import type { PlatformKeyRing } from './platform-key-ring.ts'
import type { MessageKind } from './seen-keys.ts'
import { SIGNATURE_SCHEMA } from './sign-request.ts'

/** Prefix of signatures that are wrong on purpose, to test whether they are verified. (探测流量) */
const PROBE_PREFIX = 'WECHATPAY/SIGNTEST/'
/** Accepted clock difference in seconds, in both directions. */
const MAX_SKEW_SECONDS = 300

/** Reads a header by its lower-case name. */
export type HeaderReader = (name: string) => string | null | undefined

export interface SignatureHeaders {
  readonly timestamp: string
  readonly nonce: string
  readonly signature: string
  readonly serial: string
}

/**
 * Reads the four signature headers, and refuses what can be refused without a key: a missing part, another algorithm, a
 * probe, a timestamp outside the window.
 *
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_PROBE, ERR_SIGNATURE_EXPIRED, ERR_SIGNATURE_MISMATCH
 */
export function readSignatureHeaders(header: HeaderReader, nowMs: number): SignatureHeaders {
  const signature = header('wechatpay-signature')
  const serial = header('wechatpay-serial')
  const timestamp = header('wechatpay-timestamp')
  const nonce = header('wechatpay-nonce')
  if (!signature || !serial || !timestamp || !nonce) {
    const missing = Object.entries({ signature, serial, timestamp, nonce }).filter(([, value]) => !value)
    const names = missing.map(([name]) => `Wechatpay-${name[0]?.toUpperCase()}${name.slice(1)}`).join(', ')
    throw refuse(
      'missing',
      `The signature is incomplete: ${names} missing. A proxy in between must not drop these headers.`
    )
  }
  const type = header('wechatpay-signature-type')
  if (type && type !== SIGNATURE_SCHEMA) {
    throw refuse('mismatch', `Signed with another algorithm; ${SIGNATURE_SCHEMA} is expected.`)
  }
  // Checked before anything is decoded: a probe is not base64, and its other parts may be right.
  if (signature.startsWith(PROBE_PREFIX)) {
    throw refuse(
      'probe',
      'A signature probe of WeChat Pay was refused as intended; WeChat Pay sends the genuine message separately.'
    )
  }
  // The signed parts are only separated by line breaks: with one in the nonce, the start of another body could become
  // part of it.
  if (/[\r\n]/.test(nonce))
    throw refuse('mismatch', 'Wechatpay-Nonce contains a line break, which no header may contain.')
  const seconds = /^\d{9,11}$/.test(timestamp) ? Number(timestamp) : Number.NaN
  const skew = Math.floor(nowMs / 1000) - seconds
  if (!(Math.abs(skew) <= MAX_SKEW_SECONDS)) {
    const amount = Number.isNaN(skew) ? 'is not a time' : `is ${Math.abs(skew)} s ${skew > 0 ? 'old' : 'ahead'}`
    throw refuse(
      'expired',
      `Wechatpay-Timestamp ${amount}; ${MAX_SKEW_SECONDS} s are accepted. ${explainSkew(skew, seconds, header('date'))}`
    )
  }
  return { signature, serial, timestamp, nonce }
}

/** A response has a `Date`: if it agrees with the timestamp of the signature, the clock of this machine is wrong. */
function explainSkew(skew: number, seconds: number, date: string | null | undefined): string {
  const isSameTime = Math.abs(Date.parse(date ?? '') / 1000 - seconds) <= MAX_SKEW_SECONDS
  if (!isSameTime) return 'If this always happens, the clock of this machine is wrong: set it (NTP).'
  return `The Date of the response says the same: the clock of this machine is ${Math.abs(skew)} s ${skew > 0 ? 'ahead' : 'behind'}, set it (NTP).`
}

/** Verifies a message with one key. */
export function isSignedBy(key: PlatformKey, headers: SignatureHeaders, body: string | Uint8Array): boolean {
  const bytes = Buffer.from(headers.signature, 'base64')
  // Another encoding of the same bytes is refused: the text is verified exactly as received.
  if (bytes.toString('base64') !== headers.signature) return false
  // A lone surrogate would be verified as U+FFFD but read as something else.
  if (typeof body === 'string' && !isWellFormed(body)) return false
  return verify('sha256', responseMessage(headers.timestamp, headers.nonce, body), key.key, bytes)
}

/** Verifies responses and notifications with the keys of the platform. */
export class MessageVerifier {
  readonly #ring: PlatformKeyRing
  readonly #now: () => number

  constructor(ring: PlatformKeyRing, now: () => number) {
    this.#ring = ring
    this.#now = now
  }

  /**
   * Returns synchronously if the key is available, and a promise if certificates must be downloaded first.
   *
   * @param body the raw bytes, before any parsing
   * @throws {SignatureError} for every reason
   */
  verify(header: HeaderReader, body: string | Uint8Array, kind: MessageKind): void | Promise<void> {
    const headers = readSignatureHeaders(header, this.#now())
    const key = this.#ring.find(headers.serial)
    if (key) return this.#verifyWith(key, headers, body, kind)
    return this.#ring.findOrDownload(headers.serial).then((found) => this.#verifyWith(found, headers, body, kind))
  }

  #verifyWith(key: PlatformKey, headers: SignatureHeaders, body: string | Uint8Array, kind: MessageKind): void {
    if (!isSignedBy(key, headers, body)) {
      throw refuse(
        'mismatch',
        `The signature does not match (${key.kind === 'publicKey' ? 'public key' : 'platform certificate'} ${key.id}). Either the raw bytes were changed (for example parsed and serialised again), or the key configured under this id is a different one.`
      )
    }
    this.#ring.note(key, kind)
  }
}

function refuse(reason: 'missing' | 'probe' | 'expired' | 'mismatch', message: string): SignatureError {
  return new SignatureError(reason, message, { product: 'pay' })
}
