import { expect, test } from 'vitest'
import { ConfigError } from '../../../src/errors/index.ts'
import { requireLazily } from '../../../src/internal/require-lazily.ts'

test('loads a package once', () => {
  const first = requireLazily<{ XMLParser: unknown }>('fast-xml-parser')
  expect(first.XMLParser).toBeTypeOf('function')
  expect(requireLazily('fast-xml-parser')).toBe(first)
})

test('a package that is not there is named', () => {
  try {
    requireLazily('weixin-kit-no-such-package')
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).code).toBe('ERR_MISSING_DEPENDENCY')
    expect((error as ConfigError).message).toContain('npm install weixin-kit-no-such-package')
  }
})
