import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/** Why a signature was refused. */
export type SignatureErrorReason = 'missing' | 'expired' | 'unknown_serial' | 'mismatch' | 'probe' | 'replayed'
/** Codes of {@link SignatureError}. */
export type SignatureErrorCode = `ERR_SIGNATURE_${Uppercase<SignatureErrorReason>}`

/**
 * Thrown when a signature is missing, stale, made with an unknown key, or wrong. The data it covers never reaches user
 * code.
 */
export class SignatureError extends WeixinKitError {
  static override readonly brand: string = 'SignatureError'
  declare readonly code: SignatureErrorCode
  /** Why verification failed. */
  readonly reason: SignatureErrorReason

  constructor(reason: SignatureErrorReason, message: string, options: WeixinKitErrorOptions = {}) {
    super(`ERR_SIGNATURE_${reason.toUpperCase() as Uppercase<SignatureErrorReason>}`, message, options)
    this.reason = reason
  }
}
