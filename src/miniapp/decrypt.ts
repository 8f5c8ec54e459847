import { ConfigError, DecryptError } from '../errors/index.ts'
import { inspectNumbers, parseJson } from '../internal/json/index.ts'
import { nodeCrypto } from '../internal/node-crypto.ts'

/** Proof of origin inside every `encryptedData`. */
export interface Watermark {
  /** Seconds since 1970. */
  timestamp: number
  appid: string
}

/** What an `encryptedData` can hold: profile, phone number, group or steps; always with its watermark. */
export interface OpenData {
  watermark: Watermark
  openId?: string
  unionId?: string
  nickName?: string
  /** 0 unknown, 1 male, 2 female. */
  gender?: number
  language?: string
  city?: string
  province?: string
  country?: string
  avatarUrl?: string
  /** With country code for foreign numbers. */
  phoneNumber?: string
  purePhoneNumber?: string
  countryCode?: string
  openGId?: string
  stepInfoList?: { timestamp: number; step: number }[]
  [field: string]: unknown
}

/** What `decrypt` takes: three base64 texts as they came. */
export interface DecryptParams {
  sessionKey: string
  encryptedData: string
  iv: string
  /** Refuse data whose watermark is older, in seconds. Default: any age. */
  maxAgeSeconds?: number
}

interface Account {
  appId: string
  now(): number
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const BLOCK = 16
const PAD = 61
const LONGEST = 1024 * 1024
/** Profile and phone number are a third of this. */
const PLAIN_JSON = 1024
const DEPTH = 16

/**
 * Opens an `encryptedData` (document "Open data verification and decryption", 开放数据校验与解密) and checks for whom it was made.
 *
 * @throws {DecryptError} ERR_DECRYPT_SPACES (`+` became a space), ERR_DECRYPT_PADDING or ERR_DECRYPT_MALFORMED (stale
 * session_key), ERR_DECRYPT_APPID, ERR_DECRYPT_EXPIRED, ERR_DECRYPT_KEY.
 */
export function decryptOpenData<T extends OpenData = OpenData>(params: DecryptParams, account: Account): T {
  if (typeof params !== 'object' || params === null) {
    throw new ConfigError('decrypt: expected { sessionKey, encryptedData, iv }.', {
      code: 'ERR_INVALID_PARAM',
      product: 'miniapp'
    })
  }
  const key = decode(params.sessionKey, 'sessionKey', BLOCK)
  const iv = decode(params.iv, 'iv', BLOCK)
  const data = decode(params.encryptedData, 'encryptedData')
  if (data.length % BLOCK !== 0) {
    throw failure(
      'malformed',
      `encryptedData has ${data.length} bytes, no multiple of ${BLOCK}: it was cut short on the way.`
    )
  }
  const content = parse(open(key, iv, data))
  checkWatermark(content, params, account)
  return content as T
}

function decode(value: unknown, name: string, bytes?: number): Buffer {
  if (typeof value === 'string' && value !== '' && value.length <= LONGEST) {
    const decoded = Buffer.from(value, 'base64')
    if (decoded.length === lengthWhenClean(value) && (bytes === undefined || decoded.length === bytes)) return decoded
  }
  return decodeCarefully(value, name, bytes)
}

/**
 * Bytes of a base64 text in which every character counts. The decoder skips what it does not know, so that a shorter result
 * shows damage at a tenth of the cost of looking at each character. `-1`: no length of base64.
 */
function lengthWhenClean(text: string): number {
  const { length } = text
  const padding = text.charCodeAt(length - 1) !== PAD ? 0 : text.charCodeAt(length - 2) !== PAD ? 1 : 2
  const significant = length - padding
  return significant % 4 === 1 ? -1 : (significant * 3) >> 2
}

/** Accepts line breaks and names whatever else is wrong. */
function decodeCarefully(value: unknown, name: string, bytes?: number): Buffer {
  if (typeof value !== 'string' || value === '') throw failure('malformed', `${name} must be a non-empty base64 text.`)
  if (value.length > LONGEST) throw failure('malformed', `${name} is longer than any that WeChat makes.`)
  if (value.includes(' ')) {
    throw failure(
      'spaces',
      `${name} has spaces: a form or URL decoder turned every + into one. Send it as JSON, or encode it with encodeURIComponent.`
    )
  }
  // Line breaks come from encoders that wrap; the document says that they do not count.
  const text = /[\r\n]/.test(value) ? value.replace(/[\r\n]/g, '') : value
  if (!BASE64.test(text) || text.length % 4 === 1) {
    const isEncoded = /%[0-9A-Fa-f]{2}/.test(text) ? ' It is still URL-encoded: decode it first.' : ''
    throw failure('malformed', `${name} is no base64 text.${isEncoded || ' Pass it on exactly as WeChat gave it.'}`)
  }
  const decoded = Buffer.from(text, 'base64')
  if (bytes !== undefined && decoded.length !== bytes) {
    const reason = name === 'sessionKey' ? 'key' : 'malformed'
    throw failure(
      reason,
      `${name} must be base64 of ${bytes} bytes, it has ${decoded.length}. Were two parameters exchanged?`
    )
  }
  return decoded
}

const STALE =
  'The session_key is not the one it was encrypted with: the user logged in again, or wx.login was called after the data was made. ' +
  'Call wx.login first and ask for the data then; for phone numbers use phone.get, which needs no session_key.'

/** The padding is taken off here, because one buffer for the whole text saves a fifth of the time that two pieces take. */
function open(key: Buffer, iv: Buffer, data: Buffer): string {
  const decipher = nodeCrypto().createDecipheriv('aes-128-cbc', key, iv).setAutoPadding(false)
  const plain = decipher.update(data)
  decipher.final()
  const padding = plain[plain.length - 1] ?? 0
  const end = plain.length - padding
  let isPadded = padding >= 1 && padding <= BLOCK
  for (let at = end; at < plain.length && isPadded; at++) isPadded = plain[at] === padding
  if (!isPadded) throw failure('padding', `encryptedData does not open with this session_key and iv. ${STALE}`)
  return plain.toString('utf8', 0, end)
}

function parse(text: string): Record<string, unknown> {
  let content: unknown
  try {
    content = readJson(text)
  } catch {
    // The cause would quote decrypted bytes. One wrong key in 256 leaves a padding that looks right.
    throw failure('malformed', `encryptedData opened to something that is no JSON. ${STALE}`)
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw failure('malformed', `encryptedData opened to JSON that is no object. ${STALE}`)
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
      // Asked first: nearly all values are text.
      if (typeof value !== 'string' && inspectNumbers(value, DEPTH) !== 'exact') return parseJson(text)
    }
    return content
  } catch {
    return parseJson(text)
  }
}

function checkWatermark(content: Record<string, unknown>, params: DecryptParams, account: Account): void {
  const watermark = content.watermark as Partial<Watermark> | null | undefined
  if (typeof watermark !== 'object' || watermark === null || typeof watermark.appid !== 'string') {
    throw failure('malformed', 'encryptedData has no watermark: it was not made by WeChat.')
  }
  if (watermark.appid !== account.appId) {
    throw failure(
      'appid',
      `encryptedData was made for another mini program than ${account.appId}: the client uses another appid.`
    )
  }
  if (params.maxAgeSeconds === undefined) return
  if (!Number.isFinite(params.maxAgeSeconds) || params.maxAgeSeconds < 0) {
    throw new ConfigError('decrypt: parameter "maxAgeSeconds" must be a number from 0.', {
      code: 'ERR_INVALID_PARAM',
      option: 'maxAgeSeconds',
      product: 'miniapp'
    })
  }
  const ageSeconds = account.now() / 1000 - Number(watermark.timestamp)
  // A NaN must not pass: the comparison is written so that it fails.
  if (!(ageSeconds <= params.maxAgeSeconds)) {
    throw failure(
      'expired',
      `encryptedData is older than ${params.maxAgeSeconds} s (option maxAgeSeconds): ask the client for a new one.`
    )
  }
}

function failure(
  reason: 'key' | 'padding' | 'appid' | 'malformed' | 'spaces' | 'expired',
  message: string,
  cause?: unknown
) {
  return new DecryptError(reason, message, { cause, product: 'miniapp' })
}
