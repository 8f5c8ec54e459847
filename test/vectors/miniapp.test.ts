import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decryptOpenData, MiniProgram, verifyRawData } from 'weixin-kit/miniapp'
import { json, stubFetch } from '../support/stub-fetch.ts'

interface Vector {
  id: string
  input: Record<string, string>
  expected: { signature?: string; valid?: boolean; data?: unknown; rejected?: string }
}
const load = (name: string) =>
  (JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')) as { vectors: Vector[] }).vectors

describe('miniapp-decrypt', () => {
  it.each(load('miniapp-decrypt').map((vector) => [vector.id, vector] as const))('%s', (_, { input, expected }) => {
    const { appId = '', sessionKey = '', iv = '', encryptedData = '' } = input
    const open = () => decryptOpenData({ sessionKey, iv, encryptedData }, { appId, now: Date.now })
    if (expected.rejected) expect(open).toThrow(expect.objectContaining({ code: 'ERR_DECRYPT_APPID' }))
    else expect(open()).toEqual(expected.data)
  })
})

describe('miniapp-signature', () => {
  const vectors = load('miniapp-signature')

  it.each(vectors.filter(({ input }) => input.rawData !== undefined).map((vector) => [vector.id, vector] as const))(
    'rawData: %s',
    (_, { input, expected }) => {
      const { rawData = '', sessionKey = '', signature = expected.signature ?? '' } = input
      const verify = () => verifyRawData({ rawData, sessionKey, signature })
      if (expected.valid === false) expect(verify).toThrow(expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }))
      else expect(verify()).toEqual(JSON.parse(rawData))
    }
  )

  it.each(vectors.filter(({ input }) => input.kind === 'hmac' && input.body === '').map((vector) => [vector.id, vector] as const))(
    'login state: %s',
    async (_, { input, expected }) => {
      const fetch = stubFetch(() => json({ errcode: 0, errmsg: 'ok' }))
      const mini = new MiniProgram({
        appId: 'wx4f4bc4dec97d474b',
        appSecret: 'not-a-real-secret',
        fetch,
        accessTokenProvider: { get: async () => 'token' }
      })
      expect(await mini.auth.checkSession({ openid: 'o1', session_key: input.sessionKey ?? '' })).toBe(true)
      expect(fetch.seen[0]?.url.searchParams.get('signature')).toBe(expected.signature)
    }
  )
})
