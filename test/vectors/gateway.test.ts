import { createDecipheriv } from 'node:crypto'
import { createMessageKey, decryptMessage, encryptMessage, verifySignature } from 'weixin-kit/gateway'
import { describe, expect, test } from 'vitest'
import crypto from './message-crypto.json' with { type: 'json' }
import signatures from './gateway-signature.json' with { type: 'json' }

describe('gateway-signature', () => {
  test.each(signatures.vectors)('$id', ({ input, expected }) => {
    const parts = { ...input, signature: input.signature ?? expected.signature }
    if (expected.valid === false) {
      expect(() => verifySignature(parts)).toThrow(expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }))
      expect(() => verifySignature({ ...parts, signature: expected.signature })).not.toThrow()
    } else {
      expect(() => verifySignature(parts)).not.toThrow()
    }
  })
})

describe('message-crypto', () => {
  test.each(crypto.vectors)('$id', ({ input, expected }) => {
    const { token, encodingAESKey, appId, timestamp, nonce } = input
    const plaintext = input.plaintext ?? expected.plaintext ?? ''
    const encrypt = input.encrypt ?? expected.encrypt ?? ''
    const msgSignature = input.msgSignature ?? expected.msgSignature ?? ''
    const account = { token, encodingAESKey, appId }
    expect(decryptMessage({ encrypt, msgSignature, timestamp, nonce }, account)).toBe(plaintext)

    const random = input.random16 ? Buffer.from(input.random16) : Buffer.from(expected.randomHex ?? '', 'hex')
    const sealed = encryptMessage(plaintext, { ...account, encodingAESKey: createMessageKey(encodingAESKey), timestamp, nonce, random })
    expect(sealed).toEqual({ encrypt, msgSignature, timestamp, nonce })

    if (expected.aesKeyHex && expected.ivHex) {
      // By hand, so that key, iv, frame and padding are checked apart from our own decryption.
      const decipher = createDecipheriv('aes-256-cbc', Buffer.from(expected.aesKeyHex, 'hex'), Buffer.from(expected.ivHex, 'hex'))
      const frame = decipher.setAutoPadding(false).update(Buffer.from(sealed.encrypt, 'base64'))
      expect(frame.length).toBe(expected.frameLength + expected.padLength)
      expect([...frame.subarray(expected.frameLength)]).toEqual(Array(expected.padLength).fill(expected.padLength))
    }
  })
})
