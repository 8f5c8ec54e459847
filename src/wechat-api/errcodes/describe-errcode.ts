import { sharpen } from './dynamic-hints.ts'
import { type ErrcodeInfo, UNKNOWN_ERRCODE } from './errcode-info.ts'
import { findErrcode } from './table.ts'

/** Where an errcode came from: some mean different things in different calls. */
export interface ErrcodeContext {
  operation: string
  errmsg: string
}

/** What is known of an `errcode`; never undefined. */
export function describeErrcode(errcode: number, context?: ErrcodeContext): ErrcodeInfo {
  const info = findErrcode(errcode) ?? UNKNOWN_ERRCODE
  return context ? sharpen(errcode, info, context) : info
}
