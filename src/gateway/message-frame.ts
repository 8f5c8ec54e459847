import { DecryptError, type DecryptErrorReason } from '../errors/index.ts'
import { nodeBuffer } from '../internal/node-buffer.ts'
import { randomBytesPooled } from '../internal/random.ts'
import type { MessageKey } from './message-key.ts'

const RANDOM_BYTES = 16
const HEADER_BYTES = RANDOM_BYTES + 4
const BLOCK = 32

/** random(16) ‖ length(4, big-endian) ‖ message ‖ appId, padded to 32 bytes, encrypted, in base64. */
export function sealFrame(key: MessageKey, message: string, appId: string, random?: Uint8Array): string {
  const messageBytes = Buffer.byteLength(message)
  const appIdBytes = Buffer.byteLength(appId)
  const length = HEADER_BYTES + messageBytes + appIdBytes
  const pad = BLOCK - (length % BLOCK)
  const frame = Buffer.allocUnsafe(length + pad)
  frame.set(random ?? randomBytesPooled(RANDOM_BYTES), 0)
  frame.writeUInt32BE(messageBytes, RANDOM_BYTES)
  frame.write(message, HEADER_BYTES, messageBytes, 'utf8')
  frame.write(appId, HEADER_BYTES + messageBytes, appIdBytes, 'utf8')
  frame.fill(pad, length)
  return (random ? key.cipher.sealFixed(frame) : key.cipher.seal(frame)).toString('base64')
}

/**
 * Decrypts a message whose signature is already verified: only then may the errors distinguish padding from length.
 *
 * @throws {DecryptError} ERR_DECRYPT_SPACES, ERR_DECRYPT_MALFORMED, ERR_DECRYPT_PADDING, ERR_DECRYPT_APPID
 */
export function openFrame(key: MessageKey, encrypt: string, appId: string): string {
  const frame = key.cipher.open(decodeBase64(encrypt))
  const pad = frame[frame.length - 1] ?? 0
  const end = frame.length - pad
  if (pad < 1 || pad > BLOCK || end < HEADER_BYTES) throw wrongPadding()
  for (let at = end; at < frame.length; at++) if (frame[at] !== pad) throw wrongPadding()
  const messageEnd = HEADER_BYTES + frame.readUInt32BE(RANDOM_BYTES)
  // One wrong key in 250 yields bytes that look like padding.
  if (messageEnd > end)
    throw failure('malformed', `The length inside the decrypted frame exceeds the frame. ${OTHER_KEY}`)
  const actual = frame.toString('utf8', messageEnd, end)
  if (actual !== appId) throw wrongAppId(actual, appId)
  const message = frame.subarray(HEADER_BYTES, messageEnd)
  if (!nodeBuffer().isUtf8(message)) throw failure('malformed', 'The decrypted message is not valid UTF-8.')
  return message.toString('utf8')
}

function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  // Node skips characters that are not base64, so damage shows in the length.
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  if (text.length % 4 === 0 && bytes.length === (text.length / 4) * 3 - padding) {
    if (bytes.length > 0 && bytes.length % 16 === 0) return bytes
    throw failure('malformed', `The ciphertext has ${bytes.length} bytes; expected a multiple of 16. It is truncated.`)
  }
  if (text.includes(' ')) {
    throw failure('spaces', 'The ciphertext has spaces: a form decoder turned every + into a space. Pass the raw body.')
  }
  throw failure('malformed', 'The ciphertext is not base64.')
}

const OTHER_KEY =
  'The signature, and therefore the token, is right; the EncodingAESKey belongs to another account, or was replaced in the console ' +
  '(pass the old one as previous.encodingAESKey for a while).'

function wrongPadding(): DecryptError {
  return failure('padding', `The padding is wrong after decryption. ${OTHER_KEY}`)
}

function wrongAppId(actual: string, expected: string): DecryptError {
  // Quoted only if it looks like an appid; otherwise it may be secret plaintext.
  const shown = /^\w{2,64}$/.test(actual) ? ` "${actual}"` : ''
  return failure(
    'appid',
    `The message is for another appid${shown}, this gateway is configured for "${expected}": ` +
      'compare appId with the account whose console page has this URL.'
  )
}

function failure(reason: DecryptErrorReason, message: string): DecryptError {
  return new DecryptError(reason, message, { product: 'gateway' })
}
