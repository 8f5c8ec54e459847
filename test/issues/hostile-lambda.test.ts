import { expect, it } from 'vitest'
import { BodyError, route } from 'weixin-kit'
import { type LambdaEvent, toLambdaHandler } from 'weixin-kit/lambda'

const event = (over: LambdaEvent = {}, method = 'GET'): LambdaEvent => ({
  version: '2.0',
  rawPath: '/open',
  rawQueryString: 'a=1',
  requestContext: { http: { method, path: '/open' } },
  ...over
})

it('lets no Host decide which path is called', async () => {
  const seen: string[] = []
  const handler = toLambdaHandler(
    route({
      '/open': async ({ url }) => new Response(String(seen.push(url))),
      '/inner': async ({ url }) => new Response(String(seen.push(`inner ${url}`)))
    })
  )
  for (const host of ['evil.example/inner?x=', 'evil.example/inner#', 'user:password@evil.example', 'a b', 'x:99999']) {
    expect((await handler(event({ headers: { host } }))).statusCode).toBe(400)
  }
  expect((await handler(event({ headers: { host: 'good.example' }, rawPath: '@evil.example/inner' }))).statusCode).toBe(
    404
  )
  expect((await handler(event({ headers: { host: 'good.example:8443' } }))).statusCode).toBe(200)
  expect(seen).toEqual(['https://good.example:8443/open?a=1'])
})

it('refuses what no request can be, and what is too large, as the other adapters do', async () => {
  const refusals: unknown[] = []
  const tooLarge = async () => {
    throw new BodyError('too_large', 'The body is larger than 1 byte.')
  }
  const handler = toLambdaHandler(tooLarge, { onError: (error) => refusals.push(error) })
  const statusOf = async (given: LambdaEvent) => (await handler(given)).statusCode
  expect(await statusOf(event({}, 'TRACE'))).toBe(405)
  expect(await statusOf(event({}, 'CONNECT'))).toBe(405)
  expect(await statusOf(event({}, 'G T'))).toBe(400)
  expect(await statusOf(event({ headers: { 'a b': 'c' } }))).toBe(400)
  expect(await statusOf(event({ headers: { a: 'b\nc' } }))).toBe(400)
  expect(await statusOf(event())).toBe(413)
  expect(refusals).toEqual([])
  // What is no event of HTTP is a mistake of the wiring.
  expect(await statusOf({})).toBe(500)
  expect(refusals).toEqual([expect.objectContaining({ code: 'ERR_INVALID_PARAM' })])
})
