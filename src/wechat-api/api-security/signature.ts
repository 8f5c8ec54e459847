import { constants, type KeyObject, sign, verify } from 'node:crypto'

/** The `RSAwithSHA256` of the console is RSASSA-PSS with SHA-256 and a salt of 32 bytes. */
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const

/**
 * The signed text: four lines, no trailing line break. The key's number is not part of it, despite what older pages
 * say.
 */
export function signedText(url: string, appId: string, timestamp: number | string, body: string): Buffer {
  return Buffer.from(`${url}\n${appId}\n${timestamp}\n${body}`)
}

export function signPss(text: Buffer, key: KeyObject): string {
  return sign('sha256', text, { key, ...PSS }).toString('base64')
}

export function verifyPss(text: Buffer, signature: string, key: KeyObject): boolean {
  return verify('sha256', text, { key, ...PSS }, Buffer.from(signature, 'base64'))
}
