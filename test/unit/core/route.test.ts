import { describe, expect, test, vi } from 'vitest'
import { route } from 'weixin-kit'

const answer = (text: string) => async () => new Response(text)
const get = async (handler: ReturnType<typeof route>, url: string, method = 'GET') => {
  const response = await handler(new Request(`http://a.example${url}`, { method }))
  return [response.status, await response.text(), response.headers.get('allow')]
}

describe('route', () => {
  const handler = route({
    'GET /a': answer('get a'),
    'POST /a/': answer('post a'),
    '/any': answer('any'),
    'GET /any': answer('get any'),
    '/': answer('root')
  })

  test.each([
    ['/a', 'GET', 'get a'],
    ['/a/', 'GET', 'get a'],
    ['/a?x=1', 'GET', 'get a'],
    ['/a#x', 'GET', 'get a'],
    ['/a', 'POST', 'post a'],
    ['/a', 'HEAD', 'get a'],
    ['/any', 'DELETE', 'any'],
    ['/any', 'GET', 'get any'],
    ['', 'GET', 'root'],
    ['/?a', 'GET', 'root']
  ])('%s %s', async (url, method, text) => {
    expect(await get(handler, url, method)).toEqual([200, text, null])
  })

  test('404 and 405', async () => {
    expect(await get(handler, '/b')).toEqual([404, '', null])
    expect(await get(handler, '/a/b')).toEqual([404, '', null])
    expect(await get(handler, '/A')).toEqual([404, '', null])
    expect(await get(handler, '/a', 'PUT')).toEqual([405, '', 'GET, POST, HEAD'])
  })

  test.each(['a', 'get /a', 'GET a', 'GET /a b', 'FETCH /a', 'GET /a?b', 'GET  /a', ''])(
    'refuses the key %j',
    (key) => {
      expect(() => route({ [key]: answer('') })).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option: key }))
    }
  )

  test('refuses a key that is there twice, and what is no handler', () => {
    expect(() => route({ 'GET /a': answer(''), 'GET /a/': answer('') })).toThrow(/twice/)
    expect(() => route({ '/a': undefined as never })).toThrow(/function/)
  })

  test('onError takes what a handler throws; without it the caller gets it', async () => {
    const failing = { '/a': async () => Promise.reject(new Error('hunter2')) }
    const onError = vi.fn()
    expect(await get(route(failing, { onError }), '/a')).toEqual([500, '', null])
    const request = expect.objectContaining({ method: 'GET', url: expect.stringMatching(/\/a$/) })
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'hunter2' }), { request })
    await expect(get(route(failing), '/a')).rejects.toThrow('hunter2')
  })
})
