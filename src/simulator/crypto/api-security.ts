import { constants, createCipheriv, createDecipheriv, createSign, createVerify, type KeyObject } from 'node:crypto'

/** Keys of one account in API security mode, as the platform holds them. */
export interface ApiSecurityKeys {
  readonly appId: string
  readonly symmetricSn: string
  /** Base64 of 32 bytes. */
  readonly symmetricKey: string
  readonly accountSn: string
  readonly accountKey: KeyObject
  readonly platformSn: string
  readonly platformKey: KeyObject
}

interface Scope {
  /** `https://api.weixin.qq.com` and the path. */
  readonly url: string
  readonly timestamp: string
}

const aadOf = (keys: ApiSecurityKeys, { url, timestamp }: Scope) =>
  Buffer.from([url, keys.appId, timestamp, keys.symmetricSn].join('|'))
const linesOf = (keys: ApiSecurityKeys, { url, timestamp }: Scope, body: string) =>
  [url, keys.appId, timestamp, body].join('\n')

/** Whether the account signed these bytes (RSASSA-PSS). */
export function isSignedByAccount(keys: ApiSecurityKeys, scope: Scope, body: string, signature: string): boolean {
  const verifier = createVerify('RSA-SHA256').update(linesOf(keys, scope, body))
  const options = { key: keys.accountKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  return verifier.verify(options, signature, 'base64')
}

export function signByPlatform(keys: ApiSecurityKeys, scope: Scope, body: string): string {
  const signer = createSign('RSA-SHA256').update(linesOf(keys, scope, body))
  return signer.sign({ key: keys.platformKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, 'base64')
}

export function sealBody(keys: ApiSecurityKeys, scope: Scope, plaintext: string, iv: Uint8Array): string {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(keys.symmetricKey, 'base64'), iv)
  cipher.setAAD(aadOf(keys, scope))
  const data = cipher.update(plaintext, 'utf8', 'base64') + cipher.final('base64')
  return JSON.stringify({
    iv: Buffer.from(iv).toString('base64'),
    data,
    authtag: cipher.getAuthTag().toString('base64')
  })
}

/** The plaintext of a request; `undefined` when it cannot be decrypted. */
export function openBody(keys: ApiSecurityKeys, scope: Scope, body: string): string | undefined {
  try {
    const { iv, data, authtag } = JSON.parse(body) as Record<string, string>
    const key = Buffer.from(keys.symmetricKey, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv ?? '', 'base64'), { authTagLength: 16 })
    decipher.setAAD(aadOf(keys, scope))
    decipher.setAuthTag(Buffer.from(authtag ?? '', 'base64'))
    return decipher.update(data ?? '', 'base64', 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}
