import { createCipheriv, createDecipheriv } from 'node:crypto'

const IV_BYTES = 12
const TAG_BYTES = 16

/** `scheme://host/path|appid|timestamp|number of the symmetric key`, bound to the ciphertext. */
export function additionalData(url: string, appId: string, timestamp: number, sn: string): string {
  return `${url}|${appId}|${timestamp}|${sn}`
}

/** Encrypts with AES-256-GCM into the body to send: `{"iv","data","authtag"}` in base64. */
export function encryptEnvelope(plaintext: string, key: Buffer, iv: Buffer, aad: string): string {
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(aad))
  const data = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return JSON.stringify({
    iv: iv.toString('base64'),
    data: data.toString('base64'),
    authtag: cipher.getAuthTag().toString('base64')
  })
}

/** The parts of an encrypted body; `undefined` if it is not one. */
export interface Envelope {
  readonly iv: Buffer
  readonly data: Buffer
  readonly tag: Buffer
}

export function readEnvelope(body: string): Envelope | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  const { iv, data, authtag } = (value ?? {}) as Record<string, unknown>
  if (typeof iv !== 'string' || typeof data !== 'string' || typeof authtag !== 'string') return undefined
  const envelope = {
    iv: Buffer.from(iv, 'base64'),
    data: Buffer.from(data, 'base64'),
    tag: Buffer.from(authtag, 'base64')
  }
  return envelope.iv.length === IV_BYTES && envelope.tag.length === TAG_BYTES ? envelope : undefined
}

/** The plaintext; `undefined` if key, additional data or tag do not match. */
export function decryptEnvelope({ iv, data, tag }: Envelope, key: Buffer, aad: string): string | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(aad))
  decipher.setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]).toString()
  } catch {
    return undefined
  }
}
