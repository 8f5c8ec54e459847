import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore } from 'weixin-kit'
import { redisStore } from 'weixin-kit/redis'
import { clientOptionRules } from '../../../src/core/client-options.ts'
import { checkOptions, required, text } from '../../../src/core/options.ts'
import { fcParameters } from '../../support/fc-parameters.ts'

const rules = { ...clientOptionRules(), appSecret: required(text()) }
const check = (options: unknown) => () => checkOptions(options, rules, { owner: 'Test' })
const configError = (option?: string) => expect.objectContaining({ code: 'ERR_CONFIG', ...(option ? { option } : {}) })

describe('checkOptions', () => {
  it.each([
    ['timeoutMs', 0],
    ['timeoutMs', '10'],
    ['timeoutMs', Number.NaN],
    ['maxRetries', -1],
    ['maxRetries', 1.5],
    ['fetch', {}],
    ['baseUrl', 'api.weixin.qq.com'],
    ['baseUrl', 'ftp://x'],
    ['baseUrl', 7],
    ['baseUrl', 'https://user:password@proxy.example'],
    ['baseUrl', new URL('https://user@proxy.example/path')],
    ['baseUrl', 'https://proxy.example/?key=1'],
    ['baseUrl', 'https://proxy.example/#x'],
    ['proxy', ''],
    ['middleware', {}],
    ['logger', null],
    ['clock', 5],
    ['nonce', 'x'],
    ['dispatcher', {}],
    ['appSecret', ''],
    ['appSecret', ' secret'],
    ['appSecret', 'secret\n'],
    ['appSecret', null]
  ])('names the option: %s = %j', (name, value) => {
    expect(check({ appSecret: 'secret', [name]: value })).toThrow(configError(name))
  })

  it.each([
    ['appsecret', 'appSecret'],
    ['app_secret', 'appSecret'],
    ['timeout', 'timeoutMs'],
    ['maxRetry', 'maxRetries'],
    ['baseURL', 'baseUrl']
  ])('suggests the name for %s', (wrong, right) => {
    expect(check({ appSecret: 's', [wrong]: 1 })).toThrow(`did you mean "${right}"?`)
  })

  it('refuses anything but an object, and a missing required option', () => {
    for (const value of [undefined, null, 1, 'x', [], () => undefined]) expect(check(value)).toThrow(configError())
    expect(check({})).toThrow(configError('appSecret'))
    expect(() => memoryStore({ maxEntries: 0 })).toThrow(configError('maxEntries'))
    expect(() => redisStore({ call: async () => 'x' }, { timeoutMs: -1 })).toThrow(configError('timeoutMs'))
  })

  it('answers an unknown name of any length at once, and does not repeat it', () => {
    const start = performance.now()
    const name = 'a'.repeat(2_000_000)
    const message = /^Test: unknown option "a{64}…"; known are /
    expect(check({ appSecret: 's', [name]: 1 })).toThrow(message)
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it('reports parameters under their own code', () => {
    expect(() => checkOptions({ a: 1 }, {}, { owner: 'x', of: 'params' })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_PARAM' })
    )
  })

  it('never quotes a value, whatever the options are', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9]{16}$/),
        fc.constantFrom(...Object.keys(rules), 'unknownOption'),
        (value, name) => {
          try {
            checkOptions({ [name]: ` ${value}` }, rules, { owner: 'Test' })
          } catch (error) {
            expect(String((error as Error).stack)).not.toContain(value)
          }
        }
      ),
      fcParameters(200)
    )
  })
})
