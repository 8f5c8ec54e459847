import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWeixinKitError, memoryStore } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { fcParameters } from '../../support/fc-parameters.ts'

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

  it('opens names with raw control characters, and numbers that would lose digits', () => {
    const raw = `{"openId":"o","nickName":"a\u0001b","gender":9007199254740993123,"watermark":${JSON.stringify(watermark)}}`
    const profile = { openId: 'o', nickName: 'a\u0001b', gender: '9007199254740993123', watermark }
    expect(mini.decrypt(seal(raw))).toEqual(profile)
    const nested = `{"stepInfoList":[{"timestamp":9007199254740993123}],"watermark":${JSON.stringify(watermark)}}`
    expect(mini.decrypt(seal(nested))).toEqual({ stepInfoList: [{ timestamp: '9007199254740993123' }], watermark })
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
    [
      'one foreign character',
      { encryptedData: `${good.encryptedData.slice(0, 9)}*${good.encryptedData.slice(10)}` },
      'ERR_DECRYPT_MALFORMED'
    ],
    [
      'padding in the middle',
      { encryptedData: `${good.encryptedData.slice(0, 8)}==${good.encryptedData.slice(8)}` },
      'ERR_DECRYPT_MALFORMED'
    ],
    ['an iv of 17 bytes', { iv: Buffer.alloc(17).toString('base64') }, 'ERR_DECRYPT_MALFORMED'],
    ['a text of a million characters', { encryptedData: 'A'.repeat(1_048_580) }, 'ERR_DECRYPT_MALFORMED'],
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
    const timeless = seal({ openId: 'o1', watermark: { appid: appId } })
    expect(() => mini.decrypt({ ...timeless, maxAgeSeconds: 99 })).toThrow(code('ERR_DECRYPT_MALFORMED'))
    expect(() => mini.decrypt(timeless)).toThrow(code('ERR_DECRYPT_MALFORMED'))
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

  it('accepts and refuses exactly the paddings that OpenSSL does', () => {
    const key = randomBytes(16)
    const iv = randomBytes(16)
    const byOpenssl = (data: Buffer) => {
      try {
        const decipher = createDecipheriv('aes-128-cbc', key, iv)
        return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    }
    const block = fc.oneof(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.tuple(fc.nat(20), fc.nat(20)).map(([value, count]) => new Uint8Array(16).fill(value, Math.max(0, 16 - count)))
    )
    const head = JSON.stringify({ openId: 'o1', watermark }).padEnd(96)
    fc.assert(
      fc.property(block, (last) => {
        const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false)
        const data = Buffer.concat([cipher.update(head), cipher.update(last), cipher.final()])
        const params = { sessionKey: key.toString('base64'), iv: iv.toString('base64') }
        const expected = byOpenssl(data)
        try {
          const content = mini.decrypt({ ...params, encryptedData: data.toString('base64') })
          expect(content).toEqual(JSON.parse(expected ?? 'refused'))
        } catch (error) {
          if (!isWeixinKitError(error)) throw error
          expect(error.code === 'ERR_DECRYPT_PADDING').toBe(expected === undefined)
        }
      }),
      fcParameters(2000)
    )
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
      fcParameters(1000)
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
      fcParameters(500)
    )
  })
})

describe('sessions', () => {
  const sessionKey = good.sessionKey
  function account(fetch = async () => Response.json({ openid: 'o1', session_key: sessionKey, unionid: 'u1' })) {
    const written: string[] = []
    const clock = { now }
    const inner = memoryStore({ clock: () => clock.now })
    const set = async (key: string, value: string, ttlMs?: number) => {
      written.push(key)
      await inner.set(key, value, ttlMs)
    }
    const options = { appId, appSecret: 'not-a-real-secret', fetch, clock: () => clock.now }
    return { written, clock, client: new MiniProgram({ ...options, store: { ...inner, set }, sessionTtlSeconds: 60 }) }
  }

  it('never give the session_key to the client, nor the token to the store', async () => {
    const { client, written } = account()
    const started = await client.session.start('code')
    expect(JSON.stringify(started)).not.toContain(sessionKey)
    expect(started.token).toMatch(/^[\w-]{43}$/)
    expect(written.join()).not.toContain(started.token)
    expect(await client.session.find(started.token)).toEqual({ openid: 'o1', unionid: 'u1', session_key: sessionKey })
    const tokens = await Promise.all(Array.from({ length: 100 }, () => client.session.start('code')))
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(100)
  })

  it('end by themselves', async () => {
    const { client, clock } = account()
    const { token } = await client.session.start('code')
    clock.now += 61_000
    expect(await client.session.find(token)).toBeUndefined()
    expect(await client.session.decrypt(token, good)).toBeUndefined()
  })
})
