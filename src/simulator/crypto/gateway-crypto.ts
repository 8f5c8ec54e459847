import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

const BLOCK = 32

function aesKey(encodingAESKey: string): Buffer {
  return Buffer.from(`${encodingAESKey}=`, 'base64').subarray(0, 32)
}

/** `signature` and `msg_signature`: SHA-1 over the sorted parts. */
export function signGateway(...parts: string[]): string {
  const sorted = parts.map((part) => Buffer.from(part, 'utf8')).sort(Buffer.compare)
  return createHash('sha1').update(Buffer.concat(sorted)).digest('hex')
}

/** Encrypts a message of the gateway: random, length, message, app id, padded to blocks of 32. */
export function encryptGateway(encodingAESKey: string, appId: string, message: string, random16: Uint8Array): string {
  const key = aesKey(encodingAESKey)
  const text = Buffer.from(message, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  const frame = Buffer.concat([random16, length, text, Buffer.from(appId, 'utf8')])
  const pad = BLOCK - (frame.length % BLOCK)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(Buffer.concat([frame, Buffer.alloc(pad, pad)])), cipher.final()]).toString(
    'base64'
  )
}

/** Opens what {@link encryptGateway} made; `undefined` when anything about it is wrong. */
export function decryptGateway(encodingAESKey: string, appId: string, encrypted: string): string | undefined {
  try {
    const key = aesKey(encodingAESKey)
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    const padded = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()])
    const pad = padded.at(-1) ?? 0
    if (pad < 1 || pad > BLOCK || padded.subarray(-pad).some((byte) => byte !== pad)) return undefined
    const frame = padded.subarray(0, -pad)
    const end = 20 + frame.readUInt32BE(16)
    if (end > frame.length || frame.subarray(end).toString('utf8') !== appId) return undefined
    return frame.subarray(20, end).toString('utf8')
  } catch {
    return undefined
  }
}
