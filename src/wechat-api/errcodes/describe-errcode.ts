import { sharpen } from './dynamic-hints.ts'
import type { ErrcodeInfo } from './errcode-info.ts'
import { findErrcode } from './table.ts'

/** Where an errcode came from: some mean different things in different calls. */
export interface ErrcodeContext {
  operation: string
  errmsg: string
}

const UNKNOWN: ErrcodeInfo = {
  kind: 'unknown',
  retryable: false,
  hint: {
    en: 'This errcode is not in the list of this library: look it up in the global return codes of the WeChat documents, or ask quota.rid(rid) what happened.',
    zh: '本库未收录此错误码：请查阅微信官方「全局返回码」，或用 quota.rid(rid) 查询详情。'
  }
}

/** What is known of an `errcode`; never undefined. */
export function describeErrcode(errcode: number, context?: ErrcodeContext): ErrcodeInfo {
  const info = findErrcode(errcode) ?? UNKNOWN
  return context ? sharpen(errcode, info, context) : info
}

/** Refusals of the access token itself. */
export const TOKEN_ERRCODES: readonly number[] = [40001, 40014, 42001]

/** The access token was refused before anything was executed: one fresh token and one repeat are safe. */
export function isTokenErrcode(errcode: number): boolean {
  return TOKEN_ERRCODES.includes(errcode)
}
