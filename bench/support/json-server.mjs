// Child process of bench/http.ts: a keep-alive JSON server, so that its work does not count for either side.
import { createServer } from 'node:http'

const ANSWER = JSON.stringify({
  errcode: 0,
  errmsg: 'ok',
  openid: 'o6_bmjrPTlm6_2sgVt7hMZOPfL2M',
  subscribe: 1,
  tagid_list: [1, 2, 3]
})

const server = createServer((request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port))
process.once('disconnect', () => process.exit())
