import {
  type Cipher,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type Decipher,
  type KeyObject
} from 'node:crypto'

const CIPHER = 'aes-256-cbc'

/**
 * AES-256-CBC of one EncodingAESKey, with its two ciphers kept: making one costs more than a message. Kept ciphers chain: the first
 * block of a message is combined with the last block of the one before in place of the IV. That block holds 16 random bytes and nothing
 * else, so that sealed frames stay as random as they were, and opened ones differ in bytes that nobody reads. Whole blocks only: the
 * ciphers hold nothing back, and a refused message changes nothing of the next.
 */
export class FrameCipher {
  readonly #key: KeyObject
  readonly #iv: Buffer
  readonly #cipher: Cipher
  readonly #decipher: Decipher

  constructor(bytes: Buffer) {
    this.#key = createSecretKey(bytes)
    this.#iv = Buffer.from(bytes.subarray(0, 16))
    this.#cipher = createCipheriv(CIPHER, this.#key, this.#iv).setAutoPadding(false)
    this.#decipher = createDecipheriv(CIPHER, this.#key, this.#iv).setAutoPadding(false)
  }

  /** @param frame Whole blocks of 16 bytes, the first of them random. */
  seal(frame: Buffer): Buffer {
    return this.#cipher.update(wholeBlocks(frame))
  }

  /** The same with the IV, for a first block that a test chose. */
  sealFixed(frame: Buffer): Buffer {
    return createCipheriv(CIPHER, this.#key, this.#iv).setAutoPadding(false).update(wholeBlocks(frame))
  }

  /**
   * @param ciphertext Whole blocks of 16 bytes.
   * @returns the frame; its first block has no meaning
   */
  open(ciphertext: Buffer): Buffer {
    return this.#decipher.update(wholeBlocks(ciphertext))
  }
}

/** Part of a block would stay in the cipher and shift all that follows. */
function wholeBlocks(bytes: Buffer): Buffer {
  if (bytes.length % 16 !== 0) throw new RangeError('FrameCipher takes whole blocks of 16 bytes.')
  return bytes
}
