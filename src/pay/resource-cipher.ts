import { createDecipheriv, type KeyObject } from 'node:crypto'
import { DecryptError } from '../errors/index.ts'

const ALGORITHM = 'AEAD_AES_256_GCM'
const TAG_BYTES = 16
const NONCE_BYTES = 12

/** The encrypted resource of a notification or the certificate list. */
export interface EncryptedResource {
  readonly algorithm: string
  readonly ciphertext: string
  readonly nonce: string
  readonly associated_data?: string | null
}

/**
 * Decrypts an encrypted resource; its tag is always verified. (如何解密回调报文和平台证书)
 *
 * @throws {DecryptError} ERR_DECRYPT_MALFORMED, ERR_DECRYPT_KEY
 */
export function openResource(resource: unknown, apiV3Key: KeyObject): Buffer {
  if (!isResource(resource)) throw malformed('lacks algorithm, ciphertext or nonce')
  if (resource.algorithm !== ALGORITHM) throw malformed(`is not encrypted with ${ALGORITHM}`)
  const nonce = Buffer.from(resource.nonce, 'utf8')
  const bytes = Buffer.from(resource.ciphertext, 'base64')
  if (nonce.byteLength !== NONCE_BYTES) throw malformed(`has a nonce of ${nonce.byteLength} bytes in place of 12`)
  if (bytes.byteLength <= TAG_BYTES) throw malformed('has a ciphertext that is not base64 or is too short')
  return openGcm(bytes, apiV3Key, nonce, resource.associated_data ?? '')
}

/**
 * @param bytes ciphertext and tag
 * @throws {DecryptError} ERR_DECRYPT_KEY
 */
export function openGcm(bytes: Uint8Array, key: KeyObject, nonce: Uint8Array, associatedData: string): Buffer {
  const end = bytes.byteLength - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  if (associatedData !== '') decipher.setAAD(Buffer.from(associatedData, 'utf8'))
  decipher.setAuthTag(bytes.subarray(end))
  const first = decipher.update(bytes.subarray(0, end))
  try {
    const rest = decipher.final()
    return rest.byteLength === 0 ? first : Buffer.concat([first, rest])
  } catch {
    throw new DecryptError(
      'key',
      'The resource cannot be decrypted with this APIv3 key (apiV3Key). The key was changed in the merchant platform, belongs to another merchant, or is the API key of v2.',
      { product: 'pay' }
    )
  }
}

function isResource(value: unknown): value is EncryptedResource {
  if (typeof value !== 'object' || value === null) return false
  const { algorithm, ciphertext, nonce, associated_data: aad } = value as Record<string, unknown>
  return (
    typeof algorithm === 'string' &&
    typeof ciphertext === 'string' &&
    typeof nonce === 'string' &&
    (aad === undefined || aad === null || typeof aad === 'string')
  )
}

function malformed(problem: string): DecryptError {
  return new DecryptError('malformed', `The encrypted resource ${problem}.`, { product: 'pay' })
}
