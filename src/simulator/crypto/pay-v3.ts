import {
  constants,
  createCipheriv,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  sign,
  verify
} from 'node:crypto'

export const PAY_V3_SCHEMA = 'WECHATPAY2-SHA256-RSA2048'
/** Prefix of a signature that is wrong on purpose, to see whether it is verified. */
export const SIGN_TEST_PREFIX = 'WECHATPAY/SIGNTEST/'

/** Lines, each ended by LF, the last one too. */
const lines = (...parts: (string | number)[]): Buffer => Buffer.from(`${parts.join('\n')}\n`)

export function payV3RequestMessage(
  method: string,
  target: string,
  timestamp: string | number,
  nonce: string,
  body: string | Uint8Array
): Buffer {
  return withBody(lines(method, target, timestamp, nonce), body)
}

export function payV3AnswerMessage(timestamp: string | number, nonce: string, body: string | Uint8Array): Buffer {
  return withBody(lines(timestamp, nonce), body)
}

// The body is appended as bytes: decoding and encoding it again would repair invalid UTF-8.
function withBody(head: Buffer, body: string | Uint8Array): Buffer {
  return Buffer.concat([head, typeof body === 'string' ? Buffer.from(body) : body, Buffer.from('\n')])
}

export function signPayV3(message: Uint8Array, key: KeyObject): string {
  return sign('sha256', message, key).toString('base64')
}

export function verifyPayV3(message: Uint8Array, signature: string, key: KeyObject): boolean {
  const bytes = Buffer.from(signature, 'base64')
  return bytes.length > 0 && verify('sha256', message, key, bytes)
}

/** AEAD_AES_256_GCM: base64 of the encrypted bytes and the tag. */
export function encryptResource(plaintext: string, apiV3Key: string, nonce: string, associatedData: string): string {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce))
  cipher.setAAD(Buffer.from(associatedData))
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

export function decryptResource(ciphertext: string, apiV3Key: string, nonce: string, associatedData: string): string {
  const bytes = Buffer.from(ciphertext, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(associatedData))
  decipher.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
}

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' } as const

/** Sensitive field (敏感信息): RSAES-OAEP with SHA-1. */
export function encryptSensitive(text: string, publicKey: KeyObject): string {
  return publicEncrypt({ key: publicKey, ...OAEP }, Buffer.from(text)).toString('base64')
}

export function decryptSensitive(ciphertext: string, privateKey: KeyObject): string {
  return privateDecrypt({ key: privateKey, ...OAEP }, Buffer.from(ciphertext, 'base64')).toString('utf8')
}
