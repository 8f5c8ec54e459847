import { nodeCrypto } from './node-crypto.ts'

type Data = string | Uint8Array
type OneShot = (algorithm: string, data: Data, encoding: 'hex') => string

let oneShot: OneShot | undefined

/** Lower-case hexadecimal digest. */
export function hashHex(algorithm: 'sha1' | 'md5' | 'sha256', data: Data): string {
  oneShot ??= findOneShot()
  return oneShot(algorithm, data, 'hex')
}

/**
 * Compares two strings (signatures, tokens) in constant time. Written by hand because the buffers that
 * `timingSafeEqual` needs cost more than the hash.
 */
export function equalsConstantTime(actual: string, expected: string): boolean {
  // The length of a signature is public, its content is not.
  if (actual.length !== expected.length) return false
  let difference = 0
  for (let at = 0; at < expected.length; at++) difference |= actual.charCodeAt(at) ^ expected.charCodeAt(at)
  return difference === 0
}

/** `crypto.hash` halves the cost of a small digest but came with Node 20.12 / 21.7; other runtimes may lack it. */
function findOneShot(): OneShot {
  const { hash, createHash } = nodeCrypto() as { hash?: OneShot; createHash: typeof import('node:crypto').createHash }
  return hash ?? ((algorithm, data, encoding) => createHash(algorithm).update(data).digest(encoding))
}
