import { expect, it } from 'vitest'
import { type LambdaEvent, toLambdaHandler } from 'weixin-kit/lambda'

// HTTP APIs of API Gateway decode the path of a request, in both formats. A decoded `?` or `#` took the place of the query.

const handler = toLambdaHandler(async (request) => new Response(request.url))
const host = { host: 'app.example.com' }
const query = 'signature=a%20b&x=1'

it.each([
  ['/callback?code=stolen', '/callback%3Fcode=stolen'],
  ['/orders#', '/orders%23'],
  ['/a\\b', '/a%5Cb'],
  ['/100%', '/100%25'],
  ['/回 调', '/%E5%9B%9E%20%E8%B0%83'],
  ['/%E5%9B%9E%20%E8%B0%83', '/%E5%9B%9E%20%E8%B0%83'],
  ['/a+b/~c@d/', '/a+b/~c@d/']
])('%s keeps to the path', async (path, expected) => {
  const events: LambdaEvent[] = [
    {
      version: '2.0',
      rawPath: path,
      rawQueryString: query,
      headers: host,
      requestContext: { http: { method: 'GET' } }
    },
    { version: '1.0', httpMethod: 'GET', path, queryStringParameters: { signature: 'a b', x: '1' }, headers: host }
  ]
  const urls = await Promise.all(events.map(async (event) => (await handler(event)).body.replace('a+b&x', 'a%20b&x')))
  expect(urls).toEqual([`https://app.example.com${expected}?${query}`, `https://app.example.com${expected}?${query}`])
})
