import { describeErrorCode } from './error-codes.ts'
import { missingCertificate } from './missing-certificate.ts'
import { notifyUrl } from './notify-url.ts'
import { payErrorOf } from './pay-error.ts'
import { toResult } from './result.ts'
import { verifySignature } from './verify-signature.ts'

/**
 * Of what is loaded with the client, because its options and the notifications that are read at once need it. Calls are handed
 * it: a module that both sides import would be published as a file of its own, which makes every import of the library slower.
 */
export interface Known {
  readonly describeErrorCode: typeof describeErrorCode
  readonly missingCertificate: typeof missingCertificate
  readonly notifyUrl: typeof notifyUrl
  readonly payErrorOf: typeof payErrorOf
  readonly toResult: typeof toResult
  readonly verifySignature: typeof verifySignature
}

export const KNOWN: Known = {
  describeErrorCode,
  missingCertificate,
  notifyUrl,
  payErrorOf,
  toResult,
  verifySignature
}
