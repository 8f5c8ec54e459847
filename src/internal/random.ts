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

/** A nonce of `length` letters and digits (32 by default, the longest that WeChat Pay takes); 62 symbols, unbiased. */
export function randomNonce(length = 32): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytesPooled(length - text.length + 2)) {
      const index = byte & 63
      if (index < 62 && text.length < length) text += ALPHABET[index]
    }
  }
  return text
}
