export type { ErrcodeContext } from './describe-errcode.ts'
export { type ErrcodeInfo, UNKNOWN_ERRCODE } from './errcode-info.ts'
export { isTokenErrcode } from './token-errcodes.ts'
