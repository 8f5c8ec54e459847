import { isUtf8 } from 'node:buffer'
import { ConfigError, DecryptError, type DecryptErrorReason } from '../errors/index.ts'
import { inspectNumbers, parseJson } from '../internal/json/index.ts'
import { nodeCrypto } from '../internal/node-crypto.ts'
import { decodeBase64, decodeInto, LONGEST, lengthWhenClean } from './decode-base64.ts'
import { checkKind, type OpenData, type Watermark } from './open-data.ts'

/** Parameters of `decrypt`: three base64 texts as received. */
export interface DecryptParams {
  sessionKey: string
  encryptedData: string
  iv: string
  /** Maximum age of the data in seconds, by its watermark. Default: any age. */
  maxAgeSeconds?: number | undefined
}

/** The mini program for which the data must have been created. */
interface Account {
  appId: string
  /** Milliseconds since 1970. */
  now(): number
}

const BLOCK = 16
/** A profile or phone number takes a third of this. */
const PLAIN_JSON = 1024
const DEPTH = 16
/** Overwritten by each call. */
const KEY = Buffer.alloc(BLOCK)
const IV = Buffer.alloc(BLOCK)
/** How far the clock of this machine may be behind WeChat's. */
const CLOCK_TOLERANCE_SECONDS = 300

/**
 * Decrypts an `encryptedData` (document "Open data verification and decryption", 开放数据校验与解密) and checks which mini
 * program it was created for.
 *
 * Decrypted does not mean authentic: AES-CBC has no integrity, so users can alter parts of their own data. Anything
 * that is not exactly one documented kind in valid UTF-8 is refused; get a phone number that identifies a user from
 * `phone.get(code)`.
 *
 * @param params Three base64 texts as received; `maxAgeSeconds` refuses older data.
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
  'The session_key is not the one used for encryption: the user logged in again, or wx.login was called after the data was created. ' +
  'Call wx.login first and request the data after it; for phone numbers use phone.get, which needs no session_key.'

/** All blocks, including the padding: without automatic padding `update` leaves nothing for `final`. */
function decipher(key: Buffer, iv: Buffer, encrypted: unknown): Buffer {
  const open = () => nodeCrypto().createDecipheriv('aes-128-cbc', key, iv).setAutoPadding(false)
  if (typeof encrypted === 'string' && encrypted.length <= LONGEST) {
    const length = lengthWhenClean(encrypted)
    if (length > 0 && length % BLOCK === 0) {
      // Decoded by the cipher; skipped characters show in the length.
      const plain = open().update(encrypted, 'base64')
      if (plain.length === length) return plain
    }
  }
  const data = decodeBase64(encrypted, 'encryptedData')
  if (data.length % BLOCK === 0) return open().update(data)
  const message = `encryptedData has ${data.length} bytes, not a multiple of ${BLOCK}: it was truncated in transit.`
  throw failure('malformed', message)
}

/** The padding is removed here: one buffer for the whole text saves a fifth of the time of two pieces. */
function textOf(plain: Buffer): string {
  const padding = plain[plain.length - 1] ?? 0
  const end = plain.length - padding
  let isPadded = padding >= 1 && padding <= BLOCK
  for (let at = end; at < plain.length && isPadded; at++) isPadded = plain[at] === padding
  if (!isPadded) throw failure('padding', `encryptedData cannot be decrypted with this session_key and iv. ${STALE}`)
  const text = plain.toString('utf8', 0, end)
  // Bytes that cannot be decoded become U+FFFD, which a name may also contain: only then are the bytes checked.
  if (text.includes('\uFFFD') && !isUtf8(plain.subarray(0, end))) {
    throw failure('malformed', `The decrypted encryptedData is not UTF-8. ${STALE}`)
  }
  return text
}

function parse(text: string): Record<string, unknown> {
  let content: unknown
  try {
    content = readJson(text)
  } catch {
    // The cause would quote decrypted bytes. One wrong key in 256 yields padding that looks right.
    throw failure('malformed', `The decrypted encryptedData is not JSON. ${STALE}`)
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw failure('malformed', `The decrypted encryptedData is not a JSON object. ${STALE}`)
  }
  return content as Record<string, unknown>
}

/**
 * `JSON.parse` at full speed for data as small as this; the lossless parser for everything it would refuse or round.
 */
function readJson(text: string): unknown {
  if (text.length > PLAIN_JSON) return parseJson(text)
  try {
    const content = JSON.parse(text) as Record<string, unknown> | null
    for (const name in content) {
      const value = content[name]
      // Checked first: nearly all values are text or small numbers.
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
    throw failure('malformed', 'encryptedData has no watermark: it was not created by WeChat.')
  }
  if (watermark.appid !== account.appId) {
    throw failure(
      'appid',
      `encryptedData was created for another mini program than ${account.appId}: the client uses another appid.`
    )
  }
  const { timestamp } = watermark
  if (!Number.isSafeInteger(timestamp)) {
    throw failure('malformed', 'encryptedData has a watermark without a timestamp: it was not created by WeChat.')
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
    throw new ConfigError('decrypt: parameter "maxAgeSeconds" must be a number of at least 0.', {
      code: 'ERR_INVALID_PARAM',
      option: 'maxAgeSeconds',
      product: 'miniapp'
    })
  }
  if (ageSeconds > maxAgeSeconds) {
    throw failure(
      'expired',
      `encryptedData is older than ${maxAgeSeconds} s (option maxAgeSeconds): get a new one from the client.`
    )
  }
}

function failure(reason: DecryptErrorReason, message: string): DecryptError {
  return new DecryptError(reason, message, { product: 'miniapp' })
}
