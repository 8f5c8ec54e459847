import { isUtf8 } from 'node:buffer'
import { ConfigError, DecryptError, type DecryptErrorReason } from '../errors/index.ts'
import { inspectNumbers, parseJson } from '../internal/json/index.ts'
import { nodeCrypto } from '../internal/node-crypto.ts'
import { decodeBase64, decodeInto, LONGEST, lengthWhenClean } from './decode-base64.ts'
import { checkKind, type OpenData, type Watermark } from './open-data.ts'

/** What `decrypt` takes: three base64 texts as they came. */
export interface DecryptParams {
  sessionKey: string
  encryptedData: string
  iv: string
  /** Refuse data whose watermark is older, in seconds. Default: any age. */
  maxAgeSeconds?: number | undefined
}

/** For whom the data must have been made. */
interface Account {
  appId: string
  /** Milliseconds since 1970. */
  now(): number
}

const BLOCK = 16
/** Profile and phone number are a third of this. */
const PLAIN_JSON = 1024
const DEPTH = 16
/** Overwritten by each call. */
const KEY = Buffer.alloc(BLOCK)
const IV = Buffer.alloc(BLOCK)
/** By how much the clock of this machine may be behind WeChat's. */
const CLOCK_TOLERANCE_SECONDS = 300

/**
 * Opens an `encryptedData` (document "Open data verification and decryption", 开放数据校验与解密) and checks for whom it was made.
 *
 * Decrypted is not authentic: AES-CBC has no integrity, so that a user can alter parts of his own data. What is not exactly one
 * documented kind in valid UTF-8 is refused; a phone number that proves who somebody is comes from `phone.get(code)`.
 *
 * @param params Three base64 texts as they came; `maxAgeSeconds` refuses older data.
 * @param account AppID of the mini program, and the time in milliseconds since 1970.
 * @returns The data with its watermark.
 * @throws {DecryptError} ERR_DECRYPT_SPACES (`+` became a space), ERR_DECRYPT_PADDING or ERR_DECRYPT_MALFORMED (stale
 * session_key, altered data), ERR_DECRYPT_APPID, ERR_DECRYPT_EXPIRED, ERR_DECRYPT_KEY.
 * @throws {ConfigError} ERR_INVALID_PARAM
 */
export function decryptOpenData<T extends OpenData = OpenData>(params: DecryptParams, account: Account): T {
  if (typeof params !== 'object' || params === null) {
    throw new ConfigError('decrypt: expected { sessionKey, encryptedData, iv }.', {
      code: 'ERR_INVALID_PARAM',
      product: 'miniapp'
    })
  }
  const key = decodeInto(KEY, params.sessionKey, 'sessionKey')
  const iv = decodeInto(IV, params.iv, 'iv')
  const content = parse(textOf(decipher(key, iv, params.encryptedData)))
  checkWatermark(content.watermark, params.maxAgeSeconds, account)
  checkKind(content)
  return content as T
}

const STALE =
  'The session_key is not the one it was encrypted with: the user logged in again, or wx.login was called after the data was made. ' +
  'Call wx.login first and ask for the data then; for phone numbers use phone.get, which needs no session_key.'

/** All blocks, padding included: without automatic padding `update` leaves nothing for `final`. */
function decipher(key: Buffer, iv: Buffer, encrypted: unknown): Buffer {
  const open = () => nodeCrypto().createDecipheriv('aes-128-cbc', key, iv).setAutoPadding(false)
  if (typeof encrypted === 'string' && encrypted.length <= LONGEST) {
    const length = lengthWhenClean(encrypted)
    if (length > 0 && length % BLOCK === 0) {
      // Decoded on the way; characters that were skipped show in the length.
      const plain = open().update(encrypted, 'base64')
      if (plain.length === length) return plain
    }
  }
  const data = decodeBase64(encrypted, 'encryptedData')
  if (data.length % BLOCK === 0) return open().update(data)
  const message = `encryptedData has ${data.length} bytes, not a multiple of ${BLOCK}: it was cut short on the way.`
  throw failure('malformed', message)
}

/** The padding is taken off here, because one buffer for the whole text saves a fifth of the time that two pieces take. */
function textOf(plain: Buffer): string {
  const padding = plain[plain.length - 1] ?? 0
  const end = plain.length - padding
  let isPadded = padding >= 1 && padding <= BLOCK
  for (let at = end; at < plain.length && isPadded; at++) isPadded = plain[at] === padding
  if (!isPadded) throw failure('padding', `encryptedData does not open with this session_key and iv. ${STALE}`)
  const text = plain.toString('utf8', 0, end)
  // What cannot be decoded becomes U+FFFD, which a name may hold as well: only then the bytes are looked at.
  if (text.includes('\uFFFD') && !isUtf8(plain.subarray(0, end))) {
    throw failure('malformed', `encryptedData opened to something that is not UTF-8. ${STALE}`)
  }
  return text
}

function parse(text: string): Record<string, unknown> {
  let content: unknown
  try {
    content = readJson(text)
  } catch {
    // The cause would quote decrypted bytes. One wrong key in 256 leaves a padding that looks right.
    throw failure('malformed', `encryptedData opened to something that is not JSON. ${STALE}`)
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw failure('malformed', `encryptedData opened to JSON that is not an object. ${STALE}`)
  }
  return content as Record<string, unknown>
}

/** `JSON.parse` at its full speed for what is as small as user data is; the careful reader for all it would refuse or round. */
function readJson(text: string): unknown {
  if (text.length > PLAIN_JSON) return parseJson(text)
  try {
    const content = JSON.parse(text) as Record<string, unknown> | null
    for (const name in content) {
      const value = content[name]
      // Asked first: nearly all values are text or small numbers.
      if (typeof value === 'string' || Number.isSafeInteger(value)) continue
      if (inspectNumbers(value, DEPTH) !== 'exact') return parseJson(text)
    }
    return content
  } catch {
    return parseJson(text)
  }
}

function checkWatermark(given: unknown, maxAgeSeconds: number | undefined, account: Account): void {
  const watermark = given as Partial<Watermark> | null | undefined
  if (typeof watermark !== 'object' || watermark === null || typeof watermark.appid !== 'string') {
    throw failure('malformed', 'encryptedData has no watermark: it was not made by WeChat.')
  }
  if (watermark.appid !== account.appId) {
    throw failure(
      'appid',
      `encryptedData was made for another mini program than ${account.appId}: the client uses another appid.`
    )
  }
  const { timestamp } = watermark
  if (!Number.isSafeInteger(timestamp)) {
    throw failure('malformed', 'encryptedData has a watermark without a time: it was not made by WeChat.')
  }
  const ageSeconds = account.now() / 1000 - (timestamp as number)
  if (ageSeconds < -CLOCK_TOLERANCE_SECONDS) {
    throw failure(
      'malformed',
      'encryptedData has a watermark from the future: it was altered, or the clock of this machine is behind.'
    )
  }
  if (maxAgeSeconds === undefined) return
  if (!Number.isFinite(maxAgeSeconds) || maxAgeSeconds < 0) {
    throw new ConfigError('decrypt: parameter "maxAgeSeconds" must be a number from 0.', {
      code: 'ERR_INVALID_PARAM',
      option: 'maxAgeSeconds',
      product: 'miniapp'
    })
  }
  if (ageSeconds > maxAgeSeconds) {
    throw failure(
      'expired',
      `encryptedData is older than ${maxAgeSeconds} s (option maxAgeSeconds): ask the client for a new one.`
    )
  }
}

function failure(reason: DecryptErrorReason, message: string): DecryptError {
  return new DecryptError(reason, message, { product: 'miniapp' })
}
