import { createSimulator, type Simulator, type SimulatorServer } from 'weixin-kit/simulator'
import { freePort } from '../../shared/test/free-port.ts'
import type { Upstream } from '../../shared/upstream.ts'
import { type RunningApp, start } from '../src/server.ts'

export const ADMIN_PASSWORD = 'correct horse battery'

export interface Answer {
  status: number
  body: { code: number; message: string; data: Record<string, unknown> }
  headers: Headers
}

export interface Harness {
  simulator: Simulator
  server: SimulatorServer
  app: RunningApp
  upstream: Upstream
  environment: NodeJS.ProcessEnv
  call(
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string>; url?: string }
  ): Promise<Answer>
  /** Logs a simulated person in through the consent page; answers the cookie header. */
  login(user: ReturnType<Simulator['user']>, state?: string): Promise<{ cookie: string; location: string }>
  adminLogin(): Promise<string>
  close(): Promise<void>
}

/** Starts the app against a simulator over HTTP. `environment` may add a real database or Redis. */
export async function startHarness(environment: NodeJS.ProcessEnv = {}): Promise<Harness> {
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const simulator = createSimulator({ deliver: { gateway: `${publicUrl}/extensions/wx/gateway/` } })
  const server = await simulator.listen()
  const upstream: Upstream = {
    optionsFor: (host) => ({ baseUrl: server.baseUrl(host) }),
    credentials: simulator.credentials,
    simulator,
    close: async () => undefined
  }
  const full = {
    FLASK_CONFIG: 'testing',
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    DATA_FOLDER: 'memory://',
    ADMIN_PASSWORD,
    ...environment
  }
  const app = await start(full, upstream)

  const call: Harness['call'] = async (method, path, { body, headers = {}, url = app.url } = {}) => {
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith('{') ? JSON.parse(text) : {}
    } as Answer
  }
  return {
    simulator,
    server,
    app,
    upstream,
    environment: full,
    call,
    login: async (user, state) => {
      const query = state === undefined ? '' : `?state=${encodeURIComponent(state)}`
      const first = await call('GET', `/extensions/wx/user/authorize/${query}`)
      const back = user.authorize(first.headers.get('location') ?? '')
      const cookie = first.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ')
      const second = await call('GET', back.pathname + back.search, { headers: { cookie } })
      const session = second.headers.getSetCookie().find((line) => line.startsWith('wx_session='))
      return { cookie: session?.split(';')[0] ?? '', location: second.headers.get('location') ?? '' }
    },
    adminLogin: async () => {
      const { body } = await call('PUT', '/api/admin/login/', { body: { name: 'admin', password: ADMIN_PASSWORD } })
      return String(body.data.token)
    },
    close: async () => {
      await app.close()
      await server.close()
    }
  }
}
