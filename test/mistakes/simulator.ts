import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { memoryStore } from 'weixin-kit'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator, signedGatewayMessage, signedPayV3Notification } from 'weixin-kit/simulator'
import { run } from '../../src/cli/run.ts'
import type { Mistake } from './mistake.ts'

const simulator = createSimulator()
const config = (name: string, make: () => unknown, cure: RegExp): Mistake => ({ name, make, code: 'ERR_CONFIG', cure })

/** What a command prints. */
async function command(...args: string[]): Promise<string> {
  let text = ''
  const take = (more: string) => {
    text += more
  }
  const code = await run(args, { out: take, error: take, isColored: false, signal: new AbortController().signal })
  return `${text}exit ${code}`
}
const printed = (name: string, args: string[], cure: RegExp): Mistake => ({
  name,
  make: () => command(...args),
  code: 'text',
  cure
})

const OPTIONS = { appId: 'wx0123456789abcdef', appSecret: 'not-a-real-secret', maxRetries: 0 }
/** A failure of the network as Node reports it. */
const network = (name: string, code: string, cure: RegExp): Mistake => ({
  name,
  make: () =>
    new OfficialAccount({
      ...OPTIONS,
      fetch: () =>
        Promise.reject(
          Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) })
        )
    }).accessToken.get(),
  code: 'ERR_CONNECTION',
  cure
})

/** The simulator, the command, and the network. */
export const SIMULATOR: readonly Mistake[] = [
  config(
    'an option of the simulator that does not exist',
    () => createSimulator({ account: {} } as never),
    /did you mean "accounts"/
  ),
  config('a clock that is text', () => createSimulator({ clock: '2026-01-01' } as never), /advance/),
  config(
    'a fault of an unknown kind',
    () => simulator.fail('/cgi-bin/token', { code: 40001 } as never),
    /did you mean "errcode"/
  ),
  config(
    'the real service as its target',
    () => createSimulator({ deliver: 'https://api.weixin.qq.com/x' }),
    /loopback|allowHosts|production/i
  ),
  config(
    'damage that does not exist',
    () => signedPayV3Notification({ apiV3Key: 'k'.repeat(32), resource: {}, tamper: 'ciphertext' as never }),
    /"tag"/
  ),
  config('a message without its account', () => signedGatewayMessage({} as never), /account|token|required/),
  {
    name: 'a path of the simulator that is not there',
    make: async () => (await simulator.fetch('https://api.weixin.qq.com/cgi-bin/nowhere')).text(),
    code: 'text',
    cure: /not (known|simulated)|no such|invalid/i
  },
  {
    name: 'the simulator as baseUrl without the name of the service',
    make: async () => {
      const server = await simulator.listen()
      try {
        return await new OfficialAccount({ ...OPTIONS, baseUrl: server.url }).accessToken.get()
      } finally {
        await server.close()
      }
    },
    code: 'ERR_UNEXPECTED_RESPONSE',
    cure: /baseUrl|simulator/
  },
  {
    name: 'a web page in place of WeChat',
    make: async () => {
      const server = createServer((_request, response) => response.end('<html>nginx</html>')).listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      try {
        const { port } = server.address() as AddressInfo
        return await new OfficialAccount({ ...OPTIONS, baseUrl: `http://127.0.0.1:${port}` }).accessToken.get()
      } finally {
        server.close()
      }
    },
    code: 'ERR_UNEXPECTED_RESPONSE',
    cure: /127\.0\.0\.1.*(proxy|baseUrl)/
  },
  {
    name: 'seconds where timeoutMs is due',
    make: () =>
      new OfficialAccount({
        ...OPTIONS,
        timeoutMs: 10,
        fetch: (_input, init) =>
          new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))))
      }).accessToken.get(),
    code: 'ERR_TIMEOUT',
    cure: /option timeoutMs, in milliseconds/
  },
  network('a host that does not exist', 'ENOTFOUND', /check baseUrl and DNS/),
  network('a port where nothing listens', 'ECONNREFUSED', /check baseUrl, proxy and firewall/),
  network('a proxy with a certificate of its own', 'SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/),
  network('a clock years behind', 'CERT_HAS_EXPIRED', /clock of this machine/),
  network('a certificate for another name', 'ERR_TLS_CERT_ALTNAME_INVALID', /check baseUrl and proxy/),
  {
    name: 'a negative time in a store',
    make: () => memoryStore({ clock: 5 as never }),
    code: 'ERR_CONFIG',
    cure: /clock.*function/
  },
  printed('a command that does not exist', ['simualtor'], /simulator[\s\S]*exit 2/),
  printed('a port that is text', ['simulator', '--port', 'abc'], /port[\s\S]*exit 2/),
  printed('a flag that does not exist', ['doctor', '--file', 'x'], /--env[\s\S]*exit 2/),
  printed(
    'a file of the environment that is not there',
    ['doctor', '--env', '/nowhere/.env'],
    /\/nowhere\/\.env[\s\S]*exit [12]/
  ),
  printed(
    'a certificate that is not there',
    ['cert', '/nowhere/apiclient_cert.pem'],
    /\/nowhere\/apiclient_cert\.pem[\s\S]*exit [12]/
  ),
  printed('run without --', ['run'], /--[\s\S]*exit 2/)
]
