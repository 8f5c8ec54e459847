import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSimulator } from '../../src/simulator/index.ts'

/** One server of bench/simulator.ts in a process of its own: `node simulator-server.mjs floor|ours`. */
async function start(side: string): Promise<{ port: number; path: string }> {
  if (side === 'floor') {
    const answer = JSON.stringify({
      subscribe: 1,
      openid: 'o6_bmjrPTlm6_2sgVt7hMZOPfL2M',
      language: 'zh_CN',
      tagid_list: [1, 2]
    })
    const server = createServer((request, response) => {
      request.resume()
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
      response.end(answer)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { port: (server.address() as AddressInfo).port, path: '/cgi-bin/user/info?access_token=x&openid=y' }
  }
  const simulator = createSimulator()
  const user = simulator.user('ming')
  await user.follow()
  const { appId, appSecret } = simulator.credentials.officialAccount
  const query = new URLSearchParams({ grant_type: 'client_credential', appid: appId, secret: appSecret })
  const token = await simulator.fetch(`https://api.weixin.qq.com/cgi-bin/token?${query}`)
  const { access_token: accessToken } = (await token.json()) as { access_token: string }
  const { port } = await simulator.listen({ control: true })
  return {
    port,
    path: `/api.weixin.qq.com/cgi-bin/user/info?access_token=${accessToken}&openid=${user.openid()}&lang=zh_CN`
  }
}

const at = await start(process.argv[2] ?? 'ours')
process.send?.(at)
process.on('message', () => process.send?.(process.cpuUsage()))
process.once('disconnect', () => process.exit())
