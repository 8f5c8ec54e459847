import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { inChinese } from '../../../src/simulator/console/notes-zh.ts'

it.each([
  ['access_token (stable, 7200 s left)', 'access_token（stable，还剩 7200 秒）'],
  ['not delivered, attempt 2: answered 500, expected 200 or 204', '第 2 次，未送达：返回 500，应为 200 or 204'],
  [
    'delivered, attempt 1: the person sees an error: MsgSignature does not fit',
    '第 1 次，已送达：用户看到「服务出现故障」：MsgSignature 不符'
  ],
  [
    'delivered, attempt 1: the forged message was ACCEPTED: the signature is not verified',
    '第 1 次，已送达：接受了伪造消息：没有校验签名'
  ],
  ['something else', 'something else']
])('%s', (text, zh) => {
  expect(inChinese(text)).toBe(zh)
})

it('knows every check that a service notes', () => {
  const folder = new URL('../../../src/simulator/', import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const code = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
  const noted = [...code.matchAll(/\.verified\(\s*(?:'([^']+)'|`([^`]+)`)\s*\)/g)].map(
    ([, plain, template]) => plain ?? template?.replace(/\$\{[^{}]*\}/g, '1') ?? ''
  )
  expect(noted.length).toBeGreaterThan(20)
  // What is a name in both languages stays as it is.
  expect(noted.filter((text) => inChinese(text) === text)).toEqual(['apikey'])
})
