export { describeErrcode, type ErrcodeContext, isTokenErrcode } from './describe-errcode.ts'
export type { ErrcodeInfo } from './errcode-info.ts'
