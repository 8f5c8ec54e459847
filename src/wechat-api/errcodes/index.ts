export { type ErrcodeContext, type ErrcodeInfo, UNKNOWN_ERRCODE } from './errcode-info.ts'
export { isTokenErrcode } from './token-errcodes.ts'
