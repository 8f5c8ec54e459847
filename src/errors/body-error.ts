import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/** Why a body was refused: a parser read it first, it exceeds the limit, or it cannot be parsed. */
export type BodyErrorReason = 'already_parsed' | 'too_large' | 'malformed'
/** Codes of {@link BodyError}: `ERR_BODY_ALREADY_PARSED`, `ERR_BODY_TOO_LARGE`, `ERR_BODY_MALFORMED`. */
export type BodyErrorCode = `ERR_BODY_${Uppercase<BodyErrorReason>}`

/** Thrown when the body of a request or response cannot be used. */
export class BodyError extends WeixinKitError {
  static override readonly brand: string = 'BodyError'
  declare readonly code: BodyErrorCode
  /** What is wrong with the body. */
  readonly reason: BodyErrorReason

  constructor(reason: BodyErrorReason, message: string, options: WeixinKitErrorOptions = {}) {
    super(`ERR_BODY_${reason.toUpperCase() as Uppercase<BodyErrorReason>}`, message, options)
    this.reason = reason
  }
}

/** Thrown when a body parser ran first, so the signed bytes are gone. The message contains the line that fixes it. */
export class BodyAlreadyParsedError extends BodyError {
  static override readonly brand: string = 'BodyAlreadyParsedError'
  declare readonly code: 'ERR_BODY_ALREADY_PARSED'

  constructor(message: string, options: WeixinKitErrorOptions = {}) {
    super('already_parsed', message, options)
  }
}
