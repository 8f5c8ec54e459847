import { type ChildProcess, fork } from 'node:child_process'
import { undiciFetch } from 'weixin-kit'
import { HttpClient } from '../src/core/http-client.ts'
import type { BenchCase } from './case.ts'

let server: { url: string; process: ChildProcess }
let undici: typeof import('undici')
const setup = async () => {
  const child = fork(new URL('./support/json-server.mjs', import.meta.url), { execArgv: [] })
  const port = await new Promise<number>((resolve) => child.once('message', (message) => resolve(Number(message))))
  server = { url: `http://127.0.0.1:${port}`, process: child }
  undici = await import('undici')
}
const teardown = async () => void server.process.disconnect()
const read = (response: Response) => response.json()
const json = JSON.stringify({ openid: 'o6_bmjrPTlm6_2sgVt7hMZOPfL2M' })
const headers = { 'content-type': 'application/json' }
const call = (client: HttpClient) =>
  client.call({
    operation: 'bench',
    method: 'POST',
    url: new URL(`${server.url}/cgi-bin/user/info?access_token=x`),
    headers,
    body: json,
    idempotent: true,
    read
  })

const overFetch = new HttpClient({ product: 'mp' })
const overUndici = new HttpClient({ product: 'mp', fetch: undiciFetch() })

export const cases: BenchCase[] = [
  {
    name: 'JSON call, concurrency 50, against raw globalThis.fetch',
    target: 0.9,
    concurrency: 50,
    setup,
    teardown,
    floor: async () =>
      (await fetch(`${server.url}/cgi-bin/user/info?access_token=x`, { method: 'POST', headers, body: json })).json(),
    ours: () => call(overFetch)
  },
  {
    name: 'JSON call with undiciFetch(), against raw undici.request',
    target: 0.75,
    concurrency: 50,
    setup,
    teardown,
    floor: async () =>
      (
        await undici.request(`${server.url}/cgi-bin/user/info?access_token=x`, { method: 'POST', headers, body: json })
      ).body.json(),
    ours: () => call(overUndici)
  }
]
