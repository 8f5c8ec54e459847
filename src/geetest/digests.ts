import { createHmac } from 'node:crypto'
import { equalsConstantTime, hashHex } from '../internal/hash.ts'

/** Digest of challenges; all but `md5` must be enabled for the account. */
export type Digestmod = 'md5' | 'sha256' | 'hmac-sha256'

/** The challenge that the browser gets. */
export function challengeFor(digestmod: Digestmod, originChallenge: string, privateKey: string): string {
  return digestmod === 'hmac-sha256'
    ? createHmac('sha256', privateKey).update(originChallenge).digest('hex')
    : hashHex(digestmod, originChallenge + privateKey)
}

/** Whether a `validate` has the value that SDK 3.0 expects before it asks the server. */
export function isLocallyValid(validate: string, challenge: string, privateKey: string): boolean {
  return equalsConstantTime(validate.toLowerCase(), hashHex('md5', `${privateKey}geetest${challenge}`))
}

/** Whether the server's response confirms the `seccode` that was sent. Anything but its digest is a refusal. */
export function isConfirmed(response: string, seccode: string, digestmod: Digestmod, privateKey: string): boolean {
  const given = response.toLowerCase()
  const isMd5 = equalsConstantTime(given, hashHex('md5', seccode))
  if (digestmod === 'md5') return isMd5
  // It is not documented which of the two an account with another digest returns: either proves knowledge of the
  // seccode.
  const digest =
    digestmod === 'sha256' ? hashHex('sha256', seccode) : createHmac('sha256', privateKey).update(seccode).digest('hex')
  return equalsConstantTime(given, digest) || isMd5
}

/** Whether a `validate` passes in failback mode by the rule of SDK 3.0. */
export function isFailbackValid(validate: string, challenge: string): boolean {
  return equalsConstantTime(validate.toLowerCase(), hashHex('md5', challenge))
}
