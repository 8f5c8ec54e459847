import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/** Why a ciphertext was refused. */
export type DecryptErrorReason = 'key' | 'padding' | 'appid' | 'malformed' | 'spaces' | 'expired'
/** Codes of {@link DecryptError}. */
export type DecryptErrorCode = `ERR_DECRYPT_${Uppercase<DecryptErrorReason>}`

/** Thrown when a ciphertext cannot be decrypted, or its plaintext is not meant for this account. */
export class DecryptError extends WeixinKitError {
  static override readonly brand: string = 'DecryptError'
  declare readonly code: DecryptErrorCode
  /** Why decryption failed. */
  readonly reason: DecryptErrorReason

  constructor(reason: DecryptErrorReason, message: string, options: WeixinKitErrorOptions = {}) {
    super(`ERR_DECRYPT_${reason.toUpperCase() as Uppercase<DecryptErrorReason>}`, message, options)
    this.reason = reason
  }
}
