import type { ApiErrorKind, Hint } from '../errors/index.ts'

/** What is known of an `errcode`. */
export interface ErrcodeInfo {
  readonly kind: ApiErrorKind
  /** The same request can succeed later without any change. */
  readonly retryable: boolean
  readonly hint: Hint
}

const UNKNOWN: ErrcodeInfo = {
  kind: 'unknown',
  retryable: false,
  hint: {
    en: 'Not in the list of this library: look the errcode up in the return codes of the WeChat documents, or the rid with quota.rid.',
    zh: '本库未收录此错误码：请查阅微信官方「全局返回码」，或用 quota.rid 查询 rid。'
  }
}

const ERRCODES: Readonly<Record<number, ErrcodeInfo>> = {
  [-1]: {
    kind: 'busy',
    retryable: true,
    hint: { en: 'WeChat is busy; try again in a moment.', zh: '系统繁忙，请稍后重试。' }
  }
}

/** What is known of an `errcode`; never undefined. */
export function describeErrcode(errcode: number): ErrcodeInfo {
  return ERRCODES[errcode] ?? UNKNOWN
}

/** The access token was refused before anything was executed: one fresh token and one repeat are safe. */
export function isTokenErrcode(errcode: number): boolean {
  return errcode === 40001 || errcode === 40014 || errcode === 42001
}
