import { createCipheriv, createHash, createHmac } from 'node:crypto'

/** `encryptedData` of a mini program: AES-128-CBC with the session key. */
export function encryptOpenData(sessionKey: string, iv: Uint8Array, plaintext: string): string {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), iv)
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]).toString('base64')
}

/** `signature` over `rawData`: SHA-1 with the session key as text at the end. */
export function signRawData(rawData: string, sessionKey: string): string {
  return createHash('sha1')
    .update(rawData + sessionKey, 'utf8')
    .digest('hex')
}

/** Login-state signature (用户登录态签名): HMAC-SHA256 under the session key as text. */
export function signLoginState(sessionKey: string, body: string): string {
  return createHmac('sha256', sessionKey).update(body, 'utf8').digest('hex')
}
