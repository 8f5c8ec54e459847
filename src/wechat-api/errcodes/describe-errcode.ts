import { sharpen } from './dynamic-hints.ts'
import { type ErrcodeContext, type ErrcodeInfo, UNKNOWN_ERRCODE } from './errcode-info.ts'
import { findErrcode } from './table.ts'

/** Returns what is known about an `errcode`; never undefined. */
export function describeErrcode(errcode: number, context?: ErrcodeContext): ErrcodeInfo {
  const info = findErrcode(errcode) ?? UNKNOWN_ERRCODE
  return context ? sharpen(errcode, info, context) : info
}
