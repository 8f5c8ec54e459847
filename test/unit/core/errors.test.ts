import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as kit from 'weixin-kit'
import { redactData, redactText, redactUrl } from '../../../src/internal/redact.ts'
import { fcParameters } from '../../support/fc-parameters.ts'

const { ConfigError, ConnectionError, ERROR_CODES, isWeixinKitError, TimeoutError, WeChatApiError, WeixinKitError } =
  kit

describe('errors', () => {
  it('every class carries a code of the table, a name, and its parents', () => {
    const timeout = new TimeoutError('slow')
    expect(timeout).toMatchObject({ code: 'ERR_TIMEOUT', name: 'TimeoutError', requestSent: true })
    for (const type of [TimeoutError, ConnectionError, WeixinKitError, Error]) expect(timeout).toBeInstanceOf(type)
    expect(timeout).not.toBeInstanceOf(ConfigError)
    expect(new ConnectionError('x')).not.toBeInstanceOf(TimeoutError)
    for (const text of Object.values(ERROR_CODES)) expect(text.length).toBeGreaterThan(20)
  })

  it('instanceof looks at the brand: another copy of the class counts, a look-alike does not', () => {
    const copy = Object.assign(new Error('x'), { [Symbol.for('weixin-kit:error:WeixinKitError')]: true })
    expect(copy).toBeInstanceOf(WeixinKitError)
    expect({ code: 'ERR_CONFIG', name: 'ConfigError' }).not.toBeInstanceOf(ConfigError)
    for (const value of [undefined, null, 1, 'x', {}, new Error('x')]) expect(isWeixinKitError(value)).toBe(false)
  })

  it("an application's own subclass keeps ordinary instanceof", () => {
    class Mine extends ConfigError {}
    expect(new Mine('x')).toBeInstanceOf(Mine)
    expect(new Mine('x')).toBeInstanceOf(ConfigError)
    expect(new ConfigError('x')).not.toBeInstanceOf(Mine)
  })

  it('keeps its cause and serialises without it', () => {
    const cause = new Error('inner')
    const error = new WeChatApiError('refused', { errcode: 40164, upstreamCode: '40164', status: 200, cause })
    expect(error.cause).toBe(cause)
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      name: 'WeChatApiError',
      message: 'refused',
      errcode: 40164,
      code: 'ERR_WECHAT_API'
    })
    expect(inspect(error)).toContain('inner')
  })
})

describe('redaction', () => {
  const secretNames = [
    'access_token',
    'secret',
    'session_key',
    'apiKey',
    'api_v3_key',
    'Authorization',
    'mobile',
    'privateKey'
  ]
  const secret = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/)

  it('masks secret names in URLs, data and free text, and nothing else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...secretNames), secret, secret, (name, value, open) => {
        const url = redactUrl(`https://h.test/p?openid=${open}&${name}=${value}&x=1`)
        const data = JSON.stringify(redactData({ openid: open, deep: [{ [name]: value }] }))
        const text = redactText(
          `openid=${open} ${name}=${value} {"${name}":"${value}"} <${name}><![CDATA[${value}]]></${name}>`
        )
        for (const output of [url, data, text]) {
          expect(output.replaceAll(open, '')).not.toContain(value)
          expect(output).toContain(open)
        }
      }),
      fcParameters(200)
    )
  })

  it('masks numbers, escaped quotes, JSON inside JSON, and what was cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...secretNames), secret, fc.nat({ max: 9e15 }), (name, value, number) => {
        const written = JSON.stringify({ [name]: `${value}"${value}`, next: 'shown' })
        expect(redactText(written)).toBe(`{"${name}":"[redacted]","next":"shown"}`)
        expect(redactText(`{"${name}":${number + 1e15}, "next": 1}`)).toBe(`{"${name}":"[redacted]", "next": 1}`)
        const inner = redactText(JSON.stringify({ body: JSON.stringify({ [name]: value, n: 'shown' }) }))
        expect(JSON.parse((JSON.parse(inner) as { body: string }).body)).toEqual({ [name]: '[redacted]', n: 'shown' })
        for (const cut of [`{"${name}":"${value}`, `<xml><${name}>${value}`, `<xml><${name}><![CDATA[${value}`]) {
          expect(redactText(cut)).not.toContain(value)
        }
      }),
      fcParameters(200)
    )
  })

  it('masks user name and password of a URL', () => {
    expect(redactUrl('https://user:pass@host/p?x=1')).toBe('https://[redacted]@host/p?x=1')
    expect(redactUrl('https://host/a@b?x=c@d')).toBe('https://host/a@b?x=c@d')
  })

  it('bounds depth, width, length and never trips over __proto__', () => {
    const cyclic: Record<string, unknown> = {}
    cyclic.self = cyclic
    expect(JSON.stringify(redactData(cyclic)).length).toBeLessThan(200)
    expect(String(redactData('x'.repeat(10_000))).length).toBeLessThan(600)
    redactData(JSON.parse('{"__proto__":{"polluted":1}}'))
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it('leaves the upstream error code readable', () => {
    expect(redactData({ code: 'PARAM_ERROR', message: 'x' })).toEqual({ code: 'PARAM_ERROR', message: 'x' })
  })
})
