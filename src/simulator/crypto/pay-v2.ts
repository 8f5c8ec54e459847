import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'

export type PayV2SignType = 'MD5' | 'HMAC-SHA256'

/** The string that WeChat Pay v2 signs: non-empty values sorted by the bytes of their names, without `sign`. */
export function payV2SignString(fields: Readonly<Record<string, unknown>>): string {
  return Object.keys(fields)
    .filter((name) => name !== 'sign' && fields[name] !== undefined && fields[name] !== null && fields[name] !== '')
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((name) => `${name}=${String(fields[name])}`)
    .join('&')
}

export function signPayV2(fields: Readonly<Record<string, unknown>>, key: string, type: PayV2SignType): string {
  const text = `${payV2SignString(fields)}&key=${key}`
  const digest = type === 'MD5' ? createHash('md5').update(text) : createHmac('sha256', key).update(text)
  return digest.digest('hex').toUpperCase()
}

export function verifyPayV2(fields: Readonly<Record<string, unknown>>, key: string, type: PayV2SignType): boolean {
  const expected = Buffer.from(signPayV2(fields, key, type))
  const given = Buffer.from(String(fields.sign ?? ''))
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Key of `req_info`: the 32 letters of the MD5 in hexadecimal, not its 16 bytes. */
function reqInfoKey(apiKey: string): Buffer {
  return Buffer.from(createHash('md5').update(apiKey).digest('hex'), 'ascii')
}

export function encryptReqInfo(plaintext: string, apiKey: string): string {
  const cipher = createCipheriv('aes-256-ecb', reqInfoKey(apiKey), null)
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]).toString('base64')
}

export function decryptReqInfo(reqInfo: string, apiKey: string): string {
  const decipher = createDecipheriv('aes-256-ecb', reqInfoKey(apiKey), null)
  return Buffer.concat([decipher.update(reqInfo, 'base64'), decipher.final()]).toString('utf8')
}
