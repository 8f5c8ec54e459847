import type { Simulator } from 'weixin-kit/simulator'
import { cookiesOf, logIn } from '../../shared/test/client.ts'
import { type Harness as SharedHarness, startHarness as startSharedHarness } from '../../shared/test/harness.ts'
import type { Config } from '../src/config.ts'
import { officialSite } from '../src/official-site.ts'

export const ADMIN_PASSWORD = 'correct horse battery'

export interface Answer {
  status: number
  body: { code: number; message: string; data: Record<string, unknown> }
  text: string
  headers: Headers
}

export interface Harness extends Omit<SharedHarness<Config>, 'call'> {
  call(
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string>; url?: string }
  ): Promise<Answer>
  /** Logs a simulated person in through the consent page; answers the cookie header. */
  login(user: ReturnType<Simulator['user']>, state?: string): Promise<{ cookie: string; location: string }>
  /** Headers of the administrator. */
  adminLogin(): Promise<{ authorization: string }>
}

/** Starts the app against a simulator over HTTP. `environment` adds variables; for the database and Redis see `openServers`. */
export async function startHarness(environment: NodeJS.ProcessEnv = {}): Promise<Harness> {
  const harness = await startSharedHarness(officialSite, {
    environment: { FLASK_CONFIG: 'testing', ADMIN_PASSWORD, ...environment }
  })
  const ask: Harness['call'] = async (...parts) => (await harness.call(...parts)) as unknown as Answer
  return {
    ...harness,
    call: ask,
    login: async (user, state) => {
      const query = state === undefined ? '' : `?state=${encodeURIComponent(state)}`
      const landed = await logIn(harness.url, `/extensions/wx/user/authorize/${query}`, user)
      return { cookie: cookiesOf(landed), location: landed.headers.get('location') ?? '' }
    },
    adminLogin: async () => {
      const { body } = await ask('PUT', '/api/admin/login/', { body: { name: 'admin', password: ADMIN_PASSWORD } })
      return { authorization: `Bearer ${String(body.data.token)}` }
    }
  }
}
