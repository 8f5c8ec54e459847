import { createCipheriv, createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMessageKey, decryptMessage, encryptMessage } from 'weixin-kit/gateway'
import { fcParameters } from '../support/fc-parameters.ts'

const encodingAESKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const account = { appId: 'wx0123456789abcdef', token: 'token', encodingAESKey: createMessageKey(encodingAESKey) }
const aesKey = Buffer.from(`${encodingAESKey}=`, 'base64')
const [timestamp, nonce] = ['1700000000', 'nonce']

/** The frame of a message, by hand: what follows the appid is chosen. */
function frame(message: string, appId: string, padding: (length: number) => Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(message))
  const start = Buffer.concat([Buffer.alloc(16, 7), length, Buffer.from(message + appId)])
  return Buffer.concat([start, padding(32 - (start.length % 32))])
}

const pad = (length: number) => Buffer.alloc(length, length)

/** Encrypted with the IV and signed as WeChat signs: only the frame can be wrong. */
function sealed(bytes: Buffer) {
  const cipher = createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16)).setAutoPadding(false)
  const encrypt = Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64')
  const parts = [account.token, timestamp, nonce, encrypt].sort().join('')
  return { encrypt, timestamp, nonce, msgSignature: createHash('sha1').update(parts).digest('hex') }
}

const open = (bytes: Buffer) => decryptMessage(sealed(bytes), account)
const codeOf = (run: () => unknown) => {
  try {
    run()
    return undefined
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('the padding of a frame', () => {
  // 20 bytes before the message and 18 of the appid: each length of the padding once.
  const messages = Array.from({ length: 32 }, (_, extra) => 'x'.repeat(20 + extra))

  test('is every one of 1 to 32 bytes, all of them the same', () => {
    const lengths = new Set<number>()
    for (const message of messages) {
      const remember = (length: number) => {
        lengths.add(length)
        return pad(length)
      }
      expect(open(frame(message, account.appId, remember))).toBe(message)
    }
    expect(lengths.size).toBe(32)
  })

  test('with any other byte in it is refused', () => {
    for (const message of messages) {
      for (let at = 0; at < 32; at++) {
        const wrong = (length: number) => {
          const bytes = pad(length)
          if (at < length - 1) bytes[at] = (bytes[at] ?? 0) ^ 1
          else bytes[length - 1] = 0
          return bytes
        }
        expect(codeOf(() => open(frame(message, account.appId, wrong)))).toBe('ERR_DECRYPT_PADDING')
      }
      for (const last of [0, 33, 255]) {
        const wrong = (length: number) => Buffer.alloc(length, last)
        expect(codeOf(() => open(frame(message, account.appId, wrong)))).toBe('ERR_DECRYPT_PADDING')
      }
    }
  })
})

test('an appid that has ours as its start, or is the start of ours, is another', () => {
  for (const appId of [`${account.appId}0`, account.appId.slice(0, -1), '', account.appId.toUpperCase()]) {
    expect(codeOf(() => open(frame('hello', appId, pad)))).toBe('ERR_DECRYPT_APPID')
  }
})

test('a length that exceeds the frame is refused', () => {
  const bytes = frame('hello', account.appId, pad)
  bytes.writeUInt32BE(0xffffffff, 16)
  expect(codeOf(() => open(bytes))).toBe('ERR_DECRYPT_MALFORMED')
})

describe('ciphers that are kept', () => {
  const genuine = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => ({ kind: 'genuine' as const, text }))
  const forged = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ kind: 'bytes' as const, bytes: Buffer.from(bytes) })),
    fc.tuple(fc.string(), fc.integer({ min: 0, max: 255 })).map(([text, last]) => ({
      kind: 'bytes' as const,
      bytes: frame(text, 'wxanother', (length) => Buffer.alloc(length, last))
    })),
    fc.string({ maxLength: 80 }).map((encrypt) => ({ kind: 'text' as const, encrypt }))
  )

  test('are not changed by what was refused: the next message is opened and sealed as ever', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(genuine, forged), { maxLength: 12 }), genuine, (before, { text }) => {
        for (const one of before) {
          if (one.kind === 'genuine')
            expect(open(frame(one.text, account.appId, pad))).toBe(Buffer.from(one.text).toString())
          else if (one.kind === 'bytes') {
            const whole = one.bytes.subarray(0, one.bytes.length - (one.bytes.length % 16))
            expect(codeOf(() => open(whole))).toMatch(/^ERR_(?:DECRYPT|SIGNATURE)_/)
            const parts = [account.token, timestamp, nonce, one.bytes.toString('base64')].sort().join('')
            const msgSignature = createHash('sha1').update(parts).digest('hex')
            const message = { encrypt: one.bytes.toString('base64'), timestamp, nonce, msgSignature }
            expect(codeOf(() => decryptMessage(message, account))).toMatch(/^ERR_(?:DECRYPT|SIGNATURE)_/)
          } else {
            const message = { encrypt: one.encrypt, timestamp, nonce, msgSignature: 'x' }
            expect(codeOf(() => decryptMessage(message, account))).toMatch(/^ERR_SIGNATURE_/)
          }
        }
        const wellFormed = Buffer.from(text).toString()
        expect(open(frame(text, account.appId, pad))).toBe(wellFormed)
        // What is sealed with kept ciphers opens with new ones, which begin with the IV.
        const fresh = { ...account, encodingAESKey }
        expect(decryptMessage(encryptMessage(text, account), fresh)).toBe(wellFormed)
      }),
      fcParameters(200)
    )
  })
})
