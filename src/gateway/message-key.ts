import { ConfigError } from '../errors/index.ts'
import { FrameCipher } from './frame-cipher.ts'

/** A decoded EncodingAESKey. Create it once with `createMessageKey`; it prints as `[redacted]`. */
export class MessageKey {
  /** @internal */
  readonly cipher: FrameCipher

  /** @internal */
  constructor(bytes: Buffer) {
    this.cipher = new FrameCipher(bytes)
  }

  /**
   * Hides the key in logs.
   *
   * @returns `[redacted]`
   */
  toJSON(): string {
    return '[redacted]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'MessageKey [redacted]'
  }
}

/** Returns what is wrong with an EncodingAESKey, or `undefined` if it can be used. */
export function explainEncodingAESKey(value: unknown): string | undefined {
  const cure = 'paste the 43 letters and digits of EncodingAESKey (消息加解密密钥) from the server configuration page'
  if (typeof value !== 'string') return `must be a string: ${cure}`
  if (value !== value.trim()) return `has spaces or a line break at its start or end: ${cure}`
  if (value.length === 44 && value.endsWith('=')) return 'must be passed without the trailing "=": it has 43 characters'
  if (value.length === 32) return `has 32 characters, like an AppSecret or API key: ${cure}`
  if (value.length !== 43) return `has ${value.length} characters: ${cure}`
  return /^[A-Za-z0-9]{43}$/.test(value) ? undefined : `has characters other than letters and digits: ${cure}`
}

/**
 * Decodes an EncodingAESKey. Two spare bits in its last character, as in the official sample key, are ignored. Keep the
 * result: it holds ciphers that are created once.
 *
 * @param encodingAESKey The 43 characters from the console.
 * @throws {ConfigError} ERR_CONFIG for anything that is not 43 letters and digits.
 * @example
 * import { createMessageKey } from 'weixin-kit/gateway'
 *
 * const key = createMessageKey('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG')
 */
export function createMessageKey(encodingAESKey: string): MessageKey {
  const wrong = explainEncodingAESKey(encodingAESKey)
  if (wrong) throw new ConfigError(`encodingAESKey ${wrong}.`, { option: 'encodingAESKey', product: 'gateway' })
  return new MessageKey(Buffer.from(encodingAESKey, 'base64'))
}
