import type { ApiErrorKind, Hint } from '../../errors/index.ts'

/** What is known about an `errcode`. */
export interface ErrcodeInfo {
  readonly kind: ApiErrorKind
  /** Whether the same request can succeed later without any change. */
  readonly retryable: boolean
  readonly hint: Hint
}

/** Where an errcode came from: some have different meanings in different calls. */
export interface ErrcodeContext {
  operation: string
  errmsg: string
}

/** Letter of the data files → kind. Only a refused token, a busy platform and a minute limit are temporary. */
export const CLASSES: Readonly<Record<string, Pick<ErrcodeInfo, 'kind' | 'retryable'>>> = {
  T: { kind: 'token', retryable: true },
  B: { kind: 'busy', retryable: true },
  M: { kind: 'rate_limit', retryable: true },
  D: { kind: 'quota', retryable: false },
  U: { kind: 'user', retryable: false },
  C: { kind: 'config', retryable: false },
  X: { kind: 'restricted', retryable: false },
  P: { kind: 'request', retryable: false },
  N: { kind: 'state', retryable: false }
}

export const UNKNOWN_ERRCODE: ErrcodeInfo = {
  kind: 'unknown',
  retryable: false,
  hint: {
    en: 'This library does not know this errcode: look it up in the global return codes of the WeChat documents, or call quota.rid(rid) to see what happened.',
    zh: '本库未收录此错误码：请查阅微信官方「全局返回码」，或用 quota.rid(rid) 查询详情。'
  }
}
