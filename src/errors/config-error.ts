import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/** Codes of {@link ConfigError}. */
export type ConfigErrorCode = 'ERR_CONFIG' | 'ERR_INVALID_PARAM' | 'ERR_MISSING_DEPENDENCY' | Pkcs12ErrorCode
/** Codes for .p12 files that cannot be used. */
export type Pkcs12ErrorCode =
  | 'ERR_PKCS12_PASSWORD'
  | 'ERR_PKCS12_ENCODING'
  | 'ERR_PKCS12_UNSUPPORTED'
  | 'ERR_PKCS12_MALFORMED'

/** Options of {@link ConfigError}. */
export interface ConfigErrorOptions extends WeixinKitErrorOptions {
  /** Dotted name of the option or parameter, e.g. `clientCert.pfx`. */
  option?: string | undefined
  code?: ConfigErrorCode | undefined
}

/** Thrown for a wrong option or parameter, before anything is sent. */
export class ConfigError extends WeixinKitError {
  static override readonly brand: string = 'ConfigError'
  declare readonly code: ConfigErrorCode
  /** Name of the option or parameter that is wrong; `undefined` if it is not a single one. */
  readonly option: string | undefined

  constructor(message: string, options: ConfigErrorOptions = {}) {
    super(options.code ?? 'ERR_CONFIG', message, options)
    this.option = options.option
  }
}
