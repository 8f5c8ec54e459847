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
 * AES-256-CBC with one EncodingAESKey that keeps its two ciphers, because creating one costs more than processing a
 * message. Kept ciphers chain: the first block of a message is combined with the last block of the previous one instead
 * of the IV. That block holds only 16 random bytes, so encrypted frames stay random, and decrypted ones differ only in
 * bytes that are never read. Whole blocks only: the ciphers then buffer nothing, and a refused message does not affect
 * the next one.
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

  /** The same with the IV, for a first block chosen by a test. */
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

/** A partial block would stay in the cipher and shift everything that follows. */
function wholeBlocks(bytes: Buffer): Buffer {
  if (bytes.length % 16 !== 0) throw new RangeError('FrameCipher takes whole blocks of 16 bytes.')
  return bytes
}
