import { nodeCrypto } from './node-crypto.ts'

const POOL_BYTES = 8192
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

let pool: Buffer | undefined
let used = POOL_BYTES

/** Random bytes cut from a pool, because a system call per nonce costs more than the signature it goes into. */
export function randomBytesPooled(length: number): Buffer {
  if (length > POOL_BYTES) return nodeCrypto().randomFillSync(Buffer.allocUnsafe(length))
  if (!pool || used + length > POOL_BYTES) {
    // A fresh buffer each time: slices handed out earlier stay untouched.
    pool = nodeCrypto().randomFillSync(Buffer.allocUnsafeSlow(POOL_BYTES))
    used = 0
  }
  const bytes = pool.subarray(used, used + length)
  used += length
  return bytes
}

let letters: Buffer | undefined
let lettersUsed = 0

/** A nonce of `length` letters and digits (32 by default, the longest that WeChat Pay takes); 62 symbols, unbiased. */
export function randomNonce(length = 32): string {
  // Letters are made by the thousand and cut off: one nonce at a time costs more than the signature it goes into.
  if (!letters || lettersUsed + length > letters.length) {
    letters = randomLetters(Math.max(POOL_BYTES, length))
    lettersUsed = 0
  }
  const start = lettersUsed
  lettersUsed += length
  return letters.toString('latin1', start, lettersUsed)
}

function randomLetters(length: number): Buffer {
  const text = Buffer.allocUnsafeSlow(length)
  let at = 0
  while (at < length) {
    const bytes = nodeCrypto().randomBytes(POOL_BYTES)
    // By index: an iterator over bytes costs four times as much.
    for (let from = 0; from < POOL_BYTES && at < length; from++) {
      const index = (bytes[from] ?? 0) & 63
      if (index < 62) text[at++] = ALPHABET.charCodeAt(index)
    }
  }
  return text
}
