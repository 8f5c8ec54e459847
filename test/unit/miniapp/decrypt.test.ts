import { createCipheriv, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWeixinKitError } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { fcRuns } from '../../support/fc-runs.ts'

const appId = 'wx4f4bc4dec97d474b'
const now = 1_700_000_100_000
const mini = new MiniProgram({ appId, appSecret: 'not-a-real-secret', clock: () => now })

function seal(content: unknown, key = randomBytes(16), iv = randomBytes(16)) {
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const encryptedData = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
  return { sessionKey: key.toString('base64'), iv: iv.toString('base64'), encryptedData }
}
const watermark = { appid: appId, timestamp: 1_700_000_000 }
const good = seal({ openId: 'o1', nickName: '微信 😀', watermark })
const code = (expected: string) => expect.objectContaining({ code: expected, product: 'miniapp' })

describe('decrypt', () => {
  it('opens what was made for this mini program', () => {
    expect(mini.decrypt(good)).toEqual({ openId: 'o1', nickName: '微信 😀', watermark })
  })

  it('tolerates line breaks in base64', () => {
    const wrapped = good.encryptedData.replace(/(.{20})/g, '$1\r\n')
    expect(mini.decrypt({ ...good, encryptedData: wrapped }).openId).toBe('o1')
  })

  it.each([
    ['spaces in place of +', { encryptedData: ` ${good.encryptedData.slice(1)}` }, 'ERR_DECRYPT_SPACES'],
    ['spaces in the iv', { iv: 'r7BXXKkLb8qrSNn05n0qi =' }, 'ERR_DECRYPT_SPACES'],
    ['still URL-encoded', { iv: encodeURIComponent(good.iv) }, 'ERR_DECRYPT_MALFORMED'],
    ['stale session_key', { sessionKey: Buffer.alloc(16, 7).toString('base64') }, 'ERR_DECRYPT_PADDING'],
    ['session_key of 32 bytes', { sessionKey: Buffer.alloc(32).toString('base64') }, 'ERR_DECRYPT_KEY'],
    ['empty session_key', { sessionKey: '' }, 'ERR_DECRYPT_MALFORMED'],
    ['short iv', { iv: 'AAAA' }, 'ERR_DECRYPT_MALFORMED'],
    ['truncated', { encryptedData: good.encryptedData.slice(0, 40) }, 'ERR_DECRYPT_MALFORMED'],
    ['no base64', { encryptedData: '***' }, 'ERR_DECRYPT_MALFORMED'],
    ['a number', { encryptedData: 7 as never }, 'ERR_DECRYPT_MALFORMED']
  ])('names the cause: %s', (_, change, expected) => {
    expect(() => mini.decrypt({ ...good, ...change })).toThrow(code(expected))
  })

  it.each([
    ['another appid', { openId: 'o1', watermark: { ...watermark, appid: 'wx0000000000000000' } }, 'ERR_DECRYPT_APPID'],
    ['no watermark', { openId: 'o1' }, 'ERR_DECRYPT_MALFORMED'],
    ['watermark null', { watermark: null }, 'ERR_DECRYPT_MALFORMED'],
    ['appid as a list', { watermark: { appid: [appId] } }, 'ERR_DECRYPT_MALFORMED'],
    ['no JSON', 'plain text', 'ERR_DECRYPT_MALFORMED'],
    ['no object', '[1]', 'ERR_DECRYPT_MALFORMED']
  ])('refuses content: %s', (_, content, expected) => {
    expect(() => mini.decrypt(seal(content))).toThrow(code(expected))
  })

  it('checks the age when asked, and never lets a missing time pass', () => {
    expect(mini.decrypt({ ...good, maxAgeSeconds: 100 }).openId).toBe('o1')
    expect(() => mini.decrypt({ ...good, maxAgeSeconds: 99 })).toThrow(code('ERR_DECRYPT_EXPIRED'))
    expect(() => mini.decrypt({ ...seal({ watermark: { appid: appId } }), maxAgeSeconds: 99 })).toThrow(
      code('ERR_DECRYPT_EXPIRED')
    )
    expect(() => mini.decrypt({ ...good, maxAgeSeconds: Number.NaN })).toThrow(code('ERR_INVALID_PARAM'))
  })

  it('quotes neither key nor content in errors', () => {
    const secret = seal('{"phoneNumber":"13800138000"')
    try {
      mini.decrypt(secret)
      expect.fail('opened')
    } catch (error) {
      const text = JSON.stringify(error) + String((error as Error).stack) + String((error as Error).cause)
      expect(text).not.toContain('13800138000')
      expect(text).not.toContain(secret.sessionKey)
    }
  })

  it('fuzz: arbitrary input gives a DecryptError or nothing else, and no changed byte opens as before', () => {
    const text = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64'))
    )
    fc.assert(
      fc.property(text, text, text, (sessionKey, encryptedData, iv) => {
        try {
          mini.decrypt({ sessionKey, encryptedData, iv })
        } catch (error) {
          return isWeixinKitError(error) && error.code.startsWith('ERR_DECRYPT_')
        }
        return false
      }),
      { numRuns: fcRuns(1000) }
    )
    const bytes = Buffer.from(good.encryptedData, 'base64')
    const original = JSON.stringify(mini.decrypt(good))
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ mask
        try {
          return JSON.stringify(mini.decrypt({ ...good, encryptedData: changed.toString('base64') })) !== original
        } catch (error) {
          return isWeixinKitError(error) && error.code.startsWith('ERR_DECRYPT_')
        }
      }),
      { numRuns: fcRuns(500) }
    )
  })
})
