import { createHash, type Hash } from 'node:crypto'
import { urlSafeBase64, viewOf } from './encoding.ts'

/** Size of the blocks over which Qiniu computes an object's hash; also the default size of a part. */
export const BLOCK_BYTES = 4 * 1024 * 1024

const ONE_BLOCK = 0x16
const MANY_BLOCKS = 0x96

/** Computes an object's hash (etag) as its bytes are streamed: SHA-1 per block of 4 MiB, and SHA-1 over those. */
export class EtagHasher {
  readonly #digests: Buffer[] = []
  #block: Hash = createHash('sha1')
  #used = 0
  #length = 0

  /** Bytes seen so far. */
  get length(): number {
    return this.#length
  }

  update(bytes: Uint8Array): void {
    this.#length += bytes.byteLength
    for (let at = 0; at < bytes.byteLength; ) {
      // Closed only when more follows: exactly 4 MiB are one block.
      if (this.#used === BLOCK_BYTES) this.#closeBlock()
      const end = Math.min(bytes.byteLength, at + BLOCK_BYTES - this.#used)
      this.#block.update(viewOf(bytes).subarray(at, end))
      this.#used += end - at
      at = end
    }
  }

  /** Returns the hash in Qiniu's format. Ends the computation. */
  digest(): string {
    this.#closeBlock()
    const [only] = this.#digests
    if (this.#digests.length === 1 && only) return encode(ONE_BLOCK, only)
    return encode(MANY_BLOCKS, createHash('sha1').update(Buffer.concat(this.#digests)).digest())
  }

  #closeBlock(): void {
    this.#digests.push(this.#block.digest())
    this.#block = createHash('sha1')
    this.#used = 0
  }
}

/**
 * Returns the hash (etag) that Qiniu computes for an object of these bytes.
 *
 * @param bytes The whole content.
 * @returns 28 characters of URL-safe base64.
 * @example
 * import { objectHash } from 'weixin-kit/qiniu'
 * objectHash(new TextEncoder().encode('hello qiniu\n')) // 'FkYJiwo-0jQe-up9zxs25RanfHHW'
 */
export function objectHash(bytes: Uint8Array): string {
  const hasher = new EtagHasher()
  hasher.update(bytes)
  return hasher.digest()
}

function encode(prefix: number, digest: Buffer): string {
  return urlSafeBase64(Buffer.concat([Buffer.of(prefix), digest]))
}
