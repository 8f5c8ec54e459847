import type { VerificationCodes } from 'weixin-kit/yunpian'
import type { Context } from './app.ts'

/** Codes for the login: 60 s between two, ten a day for a number, five tries each. */
export function codesOf({ yunpian, store }: Context): VerificationCodes {
  return yunpian.verificationCode({ store, purpose: 'top-up-login' })
}
