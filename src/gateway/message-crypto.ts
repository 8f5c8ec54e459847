import { ConfigError, SignatureError } from '../errors/index.ts'
import { randomNonce } from '../internal/random.ts'
import { openFrame, sealFrame } from './message-frame.ts'
import { createMessageKey, MessageKey } from './message-key.ts'
import { signatureOf, verifySignature } from './signature.ts'

/** Credentials of the account. */
export interface MessageCryptoOptions {
  appId: string
  token: string
  /** The 43 characters from the console, or, to parse them once, the result of `createMessageKey`. */
  encodingAESKey: string | MessageKey
}

/** The account, and the values that make each ciphertext unique. */
export interface EncryptMessageOptions extends MessageCryptoOptions {
  /** Seconds since 1970; default now. */
  timestamp?: string | undefined
  /** Default: 16 random letters and digits. */
  nonce?: string | undefined
  /** 16 bytes at the start of the frame, to fix the ciphertext in a test; default random. */
  random?: Uint8Array | undefined
}

/** An encrypted message and its signature. */
export interface EncryptedMessage {
  encrypt: string
  msgSignature: string
  /** Seconds since 1970, as text. */
  timestamp: string
  nonce: string
}

function checkAccount(options: MessageCryptoOptions): void {
  for (const name of ['appId', 'token'] as const) {
    if (typeof options?.[name] === 'string' && options[name] !== '') continue
    const message = `encryptMessage, decryptMessage: option "${name}" must be a non-empty string.`
    throw new ConfigError(message, { option: name, product: 'gateway' })
  }
}

function invalid(option: string, problem: string): ConfigError {
  return new ConfigError(`encryptMessage: parameter "${option}" ${problem}.`, {
    code: 'ERR_INVALID_PARAM',
    option,
    product: 'gateway'
  })
}

const keyOf = (key: string | MessageKey): MessageKey => (key instanceof MessageKey ? key : createMessageKey(key))

/**
 * Encrypts and signs a message or reply. Document: "Message encryption and decryption" (消息加解密说明).
 *
 * @param message XML or JSON text.
 * @throws {ConfigError} ERR_CONFIG for a wrong key or account; ERR_INVALID_PARAM for a message that is not text, or a
 * `random` that is not 16 bytes long.
 * @example
 * import { createMessageKey, encryptMessage } from 'weixin-kit/gateway'
 *
 * const encodingAESKey = createMessageKey('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG')
 * const { encrypt, msgSignature } = encryptMessage('<xml>…</xml>', { appId: 'wx0123456789abcdef', token: 'token', encodingAESKey })
 */
export function encryptMessage(message: string, options: EncryptMessageOptions): EncryptedMessage {
  checkAccount(options)
  const { appId, token, random } = options
  if (typeof message !== 'string') throw invalid('message', 'must be text: XML or JSON')
  if (random !== undefined && random.byteLength !== 16) {
    throw invalid('random', `has ${random.byteLength} bytes; the frame starts with 16`)
  }
  const timestamp = options.timestamp ?? String(Math.floor(Date.now() / 1000))
  const nonce = options.nonce ?? randomNonce(16)
  const encrypt = sealFrame(keyOf(options.encodingAESKey), message, appId, random)
  return { encrypt, msgSignature: signatureOf(token, timestamp, nonce, encrypt), timestamp, nonce }
}

/**
 * Verifies `msg_signature`, decrypts the message and checks that it is for this appid. No variant skips the checks.
 *
 * @param message `encrypt` as received (the text of `<Encrypt>`), and the query parameters.
 * @returns XML or JSON text
 * @throws {ConfigError} ERR_CONFIG for a wrong key or account.
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
 * @throws {DecryptError} ERR_DECRYPT_SPACES, ERR_DECRYPT_MALFORMED, ERR_DECRYPT_PADDING, ERR_DECRYPT_APPID
 * @example
 * import { decryptMessage, encryptMessage } from 'weixin-kit/gateway'
 *
 * const account = {
 *   appId: 'wx0123456789abcdef',
 *   token: 'token',
 *   encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
 * }
 * console.log(decryptMessage(encryptMessage('hello', account), account))
 */
export function decryptMessage(message: EncryptedMessage, options: MessageCryptoOptions): string {
  checkAccount(options)
  const { encrypt, timestamp, nonce, msgSignature } = message ?? {}
  // Without it the signature of the URL check would pass, which does not cover the body.
  if (typeof encrypt !== 'string' || encrypt === '') {
    throw new SignatureError('missing', 'decryptMessage: encrypt, the text of <Encrypt>, is missing.', {
      product: 'gateway'
    })
  }
  verifySignature({ token: options.token, timestamp, nonce, signature: msgSignature, encrypt })
  return openFrame(keyOf(options.encodingAESKey), encrypt, options.appId)
}
