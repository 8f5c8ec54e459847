import { afterAll, beforeAll, expect, it } from 'vitest'
import { undiciFetch } from 'weixin-kit'
import { listen } from '../../support/loopback.ts'

let server: Awaited<ReturnType<typeof listen>>
beforeAll(async () => {
  server = await listen((_request, response) => {
    response.writeHead(200, { 'X-One': 'a', 'X-Many': ['b', 'c'], 'set-cookie': ['d=1', 'e=2'] }).end('text')
  })
})
afterAll(() => server.close())

it('looks headers up like the standard ones, before and after they are listed', async () => {
  const { headers } = await undiciFetch()(server.url)
  const { headers: standard } = await fetch(server.url)
  const look = () =>
    ['x-one', 'X-ONE', 'x-many', 'none', 'set-cookie'].map((name) => [headers.get(name), headers.has(name)])
  const expected = ['x-one', 'X-ONE', 'x-many', 'none', 'set-cookie'].map((name) => [
    standard.get(name),
    standard.has(name)
  ])
  expect(look()).toEqual(expected)
  const withoutDate = (list: Headers) => [...list].filter(([name]) => name !== 'date')
  expect(withoutDate(headers)).toEqual(withoutDate(standard))
  expect(look()).toEqual(expected)
  expect(headers.getSetCookie()).toEqual(['d=1', 'e=2'])
  expect([...headers.keys()]).toContain('x-one')
  expect([...headers.values()]).toContain('a')
  const seen: string[] = []
  headers.forEach((value, name) => void seen.push(`${name}=${value}`))
  expect(seen).toContain('x-many=b, c')
  expect(new Headers(headers).get('x-one')).toBe('a')
})

it('can be changed', async () => {
  const { headers } = await undiciFetch()(server.url)
  headers.set('x-one', 'z')
  headers.append('x-one', 'y')
  headers.delete('x-many')
  expect([headers.get('x-one'), headers.has('x-many')]).toEqual(['z, y', false])
})
