import { SignatureError } from '../../errors/index.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import { embeddedField } from './embedded-field.ts'
import type { Signer, SignType } from './signer.ts'

/**
 * Verifies `sign` over all other fields, unknown ones included.
 *
 * @param subject what is verified, for the message: `The payment notification`
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
    if (typeof value !== 'string') {
      throw mismatch(`${subject} has nested elements ("${name.slice(0, 64)}"), which no signature of API v2 covers.`)
    }
    const hidden = embeddedField(name, value, (other) => isNothingToSay(name, fields) || isPresentOrDue(other, fields))
    if (hidden === undefined) continue
    throw mismatch(
      `${subject}: the value of "${name.slice(0, 64)}" contains "&${hidden}=". It is refused because the signature does not mark where a field ends, so the message may be forged.`
    )
  }
  const sign = fields.sign as string
  if (signer.verify(fields, sign, signType)) return
  const otherType = signType === 'MD5' ? 'HMAC-SHA256' : 'MD5'
  if (signer.verify(fields, sign, otherType)) {
    throw mismatch(
      `${subject} is signed with ${otherType}, but this client uses ${signType}. Both sides must use the same type: set signType to '${otherType}' if orders are placed with it.`
    )
  }
  throw mismatch(
    `${subject} is not signed with this apiKey (${signType}), or was changed in transit. Check that apiKey is the API v2 key of this mchId and was not replaced in the merchant platform.`
  )
}

/** A success has no error to describe, so its error texts can only hide fields. */
function isNothingToSay(name: string, { result_code }: XmlObject): boolean {
  return result_code === 'SUCCESS' && (name === 'return_msg' || name === 'err_code_des')
}

/** The fields next to `attach` and error texts: every message has them, so if they are missing they were absorbed. */
const ALWAYS = new Set(['bank_type', 'mch_id', 'nonce_str', 'result_code'])

function isPresentOrDue(name: string, fields: XmlObject): boolean {
  return ALWAYS.has(name) || (fields[name] !== undefined && fields[name] !== '')
}

function mismatch(message: string): SignatureError {
  return new SignatureError('mismatch', message, { product: 'pay' })
}
