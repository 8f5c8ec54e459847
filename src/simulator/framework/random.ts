import { createHash, randomBytes } from 'node:crypto'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const DIGITS = '0123456789'
const HEX = '0123456789abcdef'

/**
 * Random values that a seed makes repeatable. Not for secrets outside of a simulator.
 *
 * Without a seed every run differs, so that the ids of a restarted simulator do not meet those an application stored.
 */
export class SimulatorRandom {
  readonly #seed: string
  #counter: number
  #pool = Buffer.alloc(0)

  constructor(seed?: string | number, counter = 0) {
    this.#seed = seed === undefined ? randomBytes(16).toString('hex') : String(seed)
    this.#counter = counter
  }

  bytes(length: number): Buffer {
    while (this.#pool.length < length) {
      const block = createHash('sha256')
        .update(`${this.#seed}\n${this.#counter++}`)
        .digest()
      this.#pool = Buffer.concat([this.#pool, block])
    }
    const bytes = Buffer.from(this.#pool.subarray(0, length))
    this.#pool = this.#pool.subarray(length)
    return bytes
  }

  /** An integer from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + (this.bytes(6).readUIntBE(0, 6) % (max - min + 1))
  }

  text(length: number, alphabet: string = LETTERS): string {
    let text = ''
    for (const byte of this.bytes(length * 2)) {
      if (text.length === length) break
      text += alphabet[byte % alphabet.length]
    }
    return text
  }

  digits(length: number): string {
    return this.text(length, DIGITS)
  }

  hex(length: number): string {
    return this.text(length, HEX)
  }

  /** A 63-bit id as decimal text: beyond what a double can hold, as `MsgId` of the platform is. */
  id64(): string {
    return String((this.bytes(8).readBigUInt64BE() >> 1n) | (1n << 62n))
  }

  /** Position in the sequence, for a snapshot. */
  get counter(): number {
    return this.#counter
  }

  set counter(value: number) {
    this.#counter = value
    this.#pool = Buffer.alloc(0)
  }
}
