export { describeErrcode, isTokenErrcode } from './describe-errcode.ts'
