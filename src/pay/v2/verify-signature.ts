import { SignatureError } from '../../errors/index.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import type { Signer, SignType } from './signer.ts'

/**
 * Verifies `sign` over all other fields, unknown ones included.
 *
 * @throws {SignatureError} ERR_SIGNATURE_MISMATCH
 */
export function verifySignature(
  fields: XmlObject,
  signer: Signer,
  signType: SignType,
  subject: string
): asserts fields is Record<string, string> {
  for (const name in fields) {
    const value = fields[name]
    if (typeof value === 'string') {
      if (!hidesFields(name, value)) continue
      throw mismatch(`${subject} has other fields hidden in "${name.slice(0, 64)}": it was cut up anew.`)
    }
    throw mismatch(`${subject} has nested elements ("${name.slice(0, 64)}"), which no signature of API v2 covers.`)
  }
  const sign = fields.sign as string
  if (signer.verify(fields, sign, signType)) return
  const otherType = signType === 'MD5' ? 'HMAC-SHA256' : 'MD5'
  if (signer.verify(fields, sign, otherType)) {
    throw mismatch(
      `${subject} is signed with ${otherType}, but this client uses ${signType}. Both sides must use one type: set signType to '${otherType}' if orders are placed with it.`
    )
  }
  throw mismatch(
    `${subject} is not signed with this apiKey (${signType}), or was changed on the way. Is apiKey the API v2 key of this mchId, and was it replaced in the merchant platform?`
  )
}

/**
 * What is signed escapes nothing: text in `attach` may read like fields, and be cut out as such under the same signature.
 * The true fields must then be swallowed by another value, `nonce_str`, which every message has, among them.
 */
function hidesFields(name: string, value: string): boolean {
  return value.length > 32 && name !== 'attach' && value.includes('&nonce_str=')
}

function mismatch(message: string): SignatureError {
  return new SignatureError('mismatch', message, { product: 'pay' })
}
