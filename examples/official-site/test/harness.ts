import { vi } from 'vitest'
import { createSimulator, type Simulator, type SimulatorServer } from 'weixin-kit/simulator'
import { freePort } from '../../shared/free-port.ts'
import { call, cookiesOf, logIn } from '../../shared/test/client.ts'
import { openServers } from '../../shared/test/servers.ts'
import type { Upstream } from '../../shared/upstream.ts'
import { type RunningApp, start } from '../src/server.ts'

export const ADMIN_PASSWORD = 'correct horse battery'

export interface Answer {
  status: number
  body: { code: number; message: string; data: Record<string, unknown> }
  text: string
  headers: Headers
}

export interface Harness {
  simulator: Simulator
  server: SimulatorServer
  app: RunningApp
  upstream: Upstream
  environment: NodeJS.ProcessEnv
  /** Everything that the app wrote into its log. */
  logged(): string
  call(
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string>; url?: string }
  ): Promise<Answer>
  /** Logs a simulated person in through the consent page; answers the cookie header. */
  login(user: ReturnType<Simulator['user']>, state?: string): Promise<{ cookie: string; location: string }>
  /** Headers of the administrator. */
  adminLogin(): Promise<{ authorization: string }>
  close(): Promise<void>
}

/** Starts the app against a simulator over HTTP. `environment` adds variables; for the database and Redis see `openServers`. */
export async function startHarness(environment: NodeJS.ProcessEnv = {}): Promise<Harness> {
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const simulator = createSimulator({ deliver: { gateway: `${publicUrl}/extensions/wx/gateway/` } })
  const server = await simulator.listen()
  const servers = await openServers()
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
    ...servers.environment,
    ADMIN_PASSWORD,
    ...environment
  }
  const lines: string[] = []
  const log = vi.spyOn(console, 'error').mockImplementation((...parts) => void lines.push(parts.map(String).join(' ')))
  const app = await start(full, upstream)

  const ask: Harness['call'] = async (method, path, { url = publicUrl, ...options } = {}) =>
    (await call(url, method, path, options)) as unknown as Answer
  return {
    simulator,
    server,
    app,
    upstream,
    environment: full,
    logged: () => lines.join('\n'),
    call: ask,
    login: async (user, state) => {
      const query = state === undefined ? '' : `?state=${encodeURIComponent(state)}`
      const landed = await logIn(publicUrl, `/extensions/wx/user/authorize/${query}`, user)
      return { cookie: cookiesOf(landed), location: landed.headers.get('location') ?? '' }
    },
    adminLogin: async () => {
      const { body } = await ask('PUT', '/api/admin/login/', { body: { name: 'admin', password: ADMIN_PASSWORD } })
      return { authorization: `Bearer ${String(body.data.token)}` }
    },
    close: async () => {
      await app.close()
      await server.close()
      await servers.stop()
      log.mockRestore()
    }
  }
}
