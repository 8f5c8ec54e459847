import * as crypto from 'node:crypto'

type Data = string | Uint8Array
type OneShot = (algorithm: string, data: Data, encoding: 'hex') => string

// crypto.hash halves the cost of a small digest but came with Node 20.12 / 21.7; other runtimes may lack it.
const oneShot = (crypto as { hash?: OneShot }).hash

/** Lower-case hexadecimal digest. */
export function hashHex(algorithm: 'sha1' | 'md5' | 'sha256', data: Data): string {
  return oneShot ? oneShot(algorithm, data, 'hex') : crypto.createHash(algorithm).update(data).digest('hex')
}

/** Compares two strings (signatures, tokens) in a time that tells nothing of where they differ. */
export function equalsConstantTime(actual: string, expected: string): boolean {
  const a = Buffer.from(actual, 'utf8')
  const b = Buffer.from(expected, 'utf8')
  // The length of a signature is public, its content is not.
  return a.length === b.length && crypto.timingSafeEqual(a, b)
}
