import { createSimulator, type Simulator, SimulatorClock, type SimulatorOptions } from 'weixin-kit/simulator'

export const START = Date.UTC(2025, 0, 1, 4)

/** A simulator that stands still, and plain calls to it. */
export function setUp(options: SimulatorOptions = {}) {
  const simulator = createSimulator({ clock: new SimulatorClock({ startAt: START }), seed: 'test', ...options })
  const { officialAccount, miniProgram } = simulator.credentials
  return { simulator, mp: client(simulator, officialAccount), mini: client(simulator, miniProgram) }
}

export type Answer = Record<string, unknown> & { errcode?: number }

/** What an application in any language would send. */
export function client(simulator: Simulator, { appId, appSecret }: { appId: string; appSecret: string }) {
  const url = (path: string, query: Readonly<Record<string, string>>) =>
    `https://api.weixin.qq.com${path}?${new URLSearchParams(query)}`
  const fetch = (path: string, query: Readonly<Record<string, string>> = {}, init?: RequestInit) =>
    simulator.fetch(url(path, query), init)
  const parse = async (response: Response) => JSON.parse(await response.text()) as Answer
  const stableToken = async (force = false): Promise<Answer> =>
    parse(
      await fetch(
        '/cgi-bin/stable_token',
        {},
        {
          method: 'POST',
          body: JSON.stringify({
            grant_type: 'client_credential',
            appid: appId,
            secret: appSecret,
            ...(force ? { force_refresh: true } : {})
          })
        }
      )
    )
  const authorised = async () => ({ access_token: String((await stableToken()).access_token) })
  return {
    appId,
    appSecret,
    fetch,
    stableToken,
    token: async (query: Readonly<Record<string, string>> = {}) =>
      parse(
        await fetch('/cgi-bin/token', { grant_type: 'client_credential', appid: appId, secret: appSecret, ...query })
      ),
    get: async (path: string, query: Readonly<Record<string, string>> = {}) =>
      parse(await fetch(path, { ...(await authorised()), ...query })),
    raw: async (path: string, body: unknown) =>
      fetch(path, await authorised(), { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    post: async (path: string, body: unknown) =>
      parse(
        await fetch(path, await authorised(), {
          method: 'POST',
          body: typeof body === 'string' ? body : JSON.stringify(body)
        })
      ),
    upload: async (
      path: string,
      query: Readonly<Record<string, string>>,
      bytes: Uint8Array,
      name: string,
      more: Readonly<Record<string, string>> = {}
    ) => {
      const form = new FormData()
      form.set('media', new Blob([new Uint8Array(bytes)]), name)
      for (const [field, value] of Object.entries(more)) form.set(field, value)
      return parse(await fetch(path, { ...(await authorised()), ...query }, { method: 'POST', body: form }))
    }
  }
}
