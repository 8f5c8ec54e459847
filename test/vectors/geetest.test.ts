import { describe, expect, it } from 'vitest'
import { Geetest, type GeetestOptions } from 'weixin-kit/geetest'
import { json, stubFetch } from '../support/stub-fetch.ts'
import file from './geetest.json' with { type: 'json' }

interface Vector {
  kind: string
  originChallenge: string
  privateKey: string
  digestmod: NonNullable<GeetestOptions['digestmod']>
  challenge: string
  seccode: string
}
type Expected = Record<string, string>

const session = 'session-1'
const client = (answers: Record<string, unknown>, options: Partial<GeetestOptions> = {}) => {
  const fetch = stubFetch(({ url }) => {
    const answer = answers[url.pathname] ?? {}
    return typeof answer === 'number' ? json({}, answer) : json(answer)
  })
  const geetest = new Geetest({ captchaId: 'id', privateKey: 'unused-key', maxRetries: 0, fetch, ...options })
  return { geetest, fetch }
}
/** A client that has just issued this very challenge, whatever its key. */
const issued = async (challenge: string, answers: Record<string, unknown>, options: Partial<GeetestOptions>) => {
  const entries = new Map<string, string>()
  const { geetest } = client(
    { '/register.php': { challenge: 'x'.repeat(32) }, ...answers },
    {
      ...options,
      store: {
        get: async () => entries.get('mode'),
        set: async (_, mode) => void entries.set('mode', mode),
        delete: async () => undefined,
        setIfAbsent: async () => true,
        compareAndDelete: async () => entries.delete('mode')
      }
    }
  )
  await geetest.register({ session })
  return (validate: string, seccode: string) =>
    geetest.validate({
      session,
      form: { geetest_challenge: challenge, geetest_validate: validate, geetest_seccode: seccode }
    })
}
const confirm = (seccode: string) => ({ '/validate.php': { seccode } })

const check: Record<string, (input: Vector, expected: Expected) => Promise<void>> = {
  challenge: async ({ originChallenge, privateKey, digestmod }, expected) => {
    const { geetest } = client({ '/register.php': { challenge: originChallenge } }, { privateKey, digestmod })
    expect((await geetest.register({ session })).challenge).toEqual({
      success: 1,
      gt: 'id',
      challenge: expected.challenge,
      new_captcha: true
    })
  },
  localValidate: async ({ privateKey, challenge }, expected) => {
    // md5('s|jordan'), by openssl
    const answers = confirm('8984a474c3018c996015d6a282fd1885')
    const run = async (validate: string) =>
      (await issued(challenge, answers, { privateKey, version: '3.0' }))(validate, 's|jordan')
    expect(await run(expected.validate ?? '')).toEqual({ ok: true, mode: 'normal', isProven: true })
    expect(await run('0'.repeat(32))).toEqual({ ok: false, mode: 'normal', reason: 'refused' })
  },
  seccode: async ({ seccode }, expected) => {
    const run = async (answer: string) => (await issued('c'.repeat(34), confirm(answer), {}))('v', seccode)
    expect(await run(expected.responseSeccode ?? '')).toEqual({ ok: true, mode: 'normal', isProven: true })
    expect(await run('false')).toMatchObject({ ok: false, reason: 'refused' })
    expect(await run(seccode)).toMatchObject({ ok: false, reason: 'refused' })
  },
  failback: async ({ challenge }, expected) => {
    const failed = { '/register.php': 503 }
    const run = async (validate: string) => (await issued(challenge, failed, { version: '3.0' }))(validate, 's')
    expect(await run(expected.validate ?? '')).toEqual({ ok: true, mode: 'failback', isProven: false })
    expect(await run('0'.repeat(32))).toEqual({ ok: false, mode: 'failback', reason: 'refused' })
  }
}

describe('geetest.json', () => {
  it.each(file.vectors)('$id', async ({ input, expected }) => {
    const run = check[input.kind] ?? expect.fail(`unknown kind ${input.kind}`)
    await run(input as unknown as Vector, expected as Expected)
  })
})
