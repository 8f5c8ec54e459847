import { nodeCrypto } from './node-crypto.ts'

type Data = string | Uint8Array
type OneShot = (algorithm: string, data: Data, encoding: 'hex') => string

let oneShot: OneShot | undefined

/** Lower-case hexadecimal digest. */
export function hashHex(algorithm: 'sha1' | 'md5' | 'sha256', data: Data): string {
  oneShot ??= findOneShot()
  return oneShot(algorithm, data, 'hex')
}

/** Compares two strings (signatures, tokens) in a time that tells nothing of where they differ. */
export function equalsConstantTime(actual: string, expected: string): boolean {
  const a = Buffer.from(actual, 'utf8')
  const b = Buffer.from(expected, 'utf8')
  // The length of a signature is public, its content is not.
  return a.length === b.length && nodeCrypto().timingSafeEqual(a, b)
}

/** `crypto.hash` halves the cost of a small digest but came with Node 20.12 / 21.7; other runtimes may lack it. */
function findOneShot(): OneShot {
  const { hash, createHash } = nodeCrypto() as { hash?: OneShot; createHash: typeof import('node:crypto').createHash }
  return hash ?? ((algorithm, data, encoding) => createHash(algorithm).update(data).digest(encoding))
}
