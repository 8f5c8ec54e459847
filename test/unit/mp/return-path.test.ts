import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameSitePath } from '../../../src/mp/oauth/return-path.ts'
import { fcParameters } from '../../support/fc-parameters.ts'

describe('sameSitePath', () => {
  it.each([
    ['/', '/'],
    ['/orders?page=2#top', '/orders?page=2#top'],
    ['/a//b', '/a//b'],
    ['/@user', '/@user'],
    ['/a?next=https%3A%2F%2Fexample.com%2F', '/a?next=https%3A%2F%2Fexample.com%2F'],
    ['/a?next=//example.com', '/a?next=//example.com'],
    ['/a/../b', '/b'],
    ['/订单', '/%E8%AE%A2%E5%8D%95'],
    ['/%E8%AE%A2%E5%8D%95', '/%E8%AE%A2%E5%8D%95'],
    ['/100%', '/100%'],
    ['/a%20b', '/a%20b']
  ])('keeps %j', (value, expected) => {
    expect(sameSitePath(value)).toBe(expected)
  })

  it.each([
    '',
    'evil.com',
    '//evil.com',
    '///evil.com',
    '/\\evil.com',
    '\\\\evil.com',
    '/\\/evil.com',
    'https://evil.com',
    'https:evil.com',
    'javascript:alert(1)',
    '@evil.com',
    ' //evil.com',
    '/\t/evil.com',
    '/\n/evil.com',
    '/\r\nset-cookie: a=b',
    '/\u0000/evil.com',
    '/\u0085/evil.com',
    '/\u2028/evil.com',
    '/\u200b/evil.com',
    '/\u202e/evil.com',
    '/%2Fevil.com',
    '/%2f%2fevil.com',
    '/%5Cevil.com',
    '/%5c%5cevil.com',
    '/%09/evil.com',
    '/%0d%0aset-cookie:a=b',
    '/%252fevil.com',
    '/%25252fevil.com',
    '/%2525252525252fevil.com',
    '/..//evil.com',
    '/.//evil.com',
    '/%2e%2e//evil.com',
    '/%2e//evil.com',
    '/%2e%2e%2f%2fevil.com',
    '/a/..//evil.com',
    '/a/../..//evil.com',
    '/a\\b',
    '/a?b=\\c',
    `/${'a'.repeat(1024)}`,
    `/?q=${'茶'.repeat(230)}`
  ])('refuses %j', (value) => {
    expect(sameSitePath(value)).toBeUndefined()
  })

  it('takes 1024 characters, four encodings and no other type', () => {
    const encoded = (times: number) => {
      let text = '/'
      for (let i = 0; i < times; i++) text = text.replaceAll(/[%/]/g, (part) => (part === '/' ? '%2f' : '%25'))
      return `/a${text}b`
    }
    expect(sameSitePath(`/${'a'.repeat(1023)}`)).toHaveLength(1024)
    expect(sameSitePath(encoded(3))).toBe(encoded(3))
    expect(sameSitePath(encoded(4))).toBeUndefined()
    for (const other of [7, null, undefined, ['/a'], {}]) expect(sameSitePath(other as never)).toBeUndefined()
  })

  it('never leads away, however it is read', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '@',
      ':',
      '%2f',
      '%5C',
      '%2e',
      '%09',
      '%25',
      '\t',
      '\n',
      '?',
      '#',
      'evil.com',
      'a',
      '%',
      '\u200b',
      '；'
    )
    const paths = fc.oneof(
      fc.array(part, { maxLength: 12 }).map((parts) => `/${parts.join('')}`),
      fc.string({ unit: 'binary' }).map((text) => `/${text}`)
    )
    fc.assert(
      fc.property(paths, (value) => {
        const path = sameSitePath(value)
        if (path === undefined) return true
        const readings = [path, decodeOnce(path)]
        return readings.every((reading) => new URL(reading, 'https://site.example/login').host === 'site.example')
      }),
      fcParameters(5000)
    )
  })

  it('is settled: what it answers it accepts unchanged', () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        const once = sameSitePath(`/${path.replace(/^\/+/, '')}`)
        return once === undefined || sameSitePath(once) === once
      }),
      fcParameters(1000)
    )
  })
})

function decodeOnce(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}
