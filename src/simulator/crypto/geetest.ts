import { createHash, createHmac } from 'node:crypto'

export type GeetestDigest = 'md5' | 'sha256' | 'hmac-sha256'

const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')

/** The challenge that a browser gets, from the one that `register.php` answered. */
export function browserChallenge(digest: GeetestDigest, origin: string, privateKey: string): string {
  if (digest === 'hmac-sha256') return createHmac('sha256', privateKey).update(origin).digest('hex')
  return hash(digest, origin + privateKey)
}

export function validateOf(privateKey: string, challenge: string): string {
  return hash('md5', `${privateKey}geetest${challenge}`)
}

/** What `validate.php` answers when the second check passes. */
export function seccodeAnswer(seccode: string): string {
  return hash('md5', seccode)
}

/** What the front end of SDK 3.0 makes of a challenge without the server. */
export function failbackValidate(challenge: string): string {
  return hash('md5', challenge)
}
