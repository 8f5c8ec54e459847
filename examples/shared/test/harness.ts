import { vi } from 'vitest'
import { createSimulator, type Simulator, type SimulatorOptions, type SimulatorServer } from 'weixin-kit/simulator'
import { type AppDefinition, type RunningApp, startApp } from '../app.ts'
import type { ServerConfig } from '../environment.ts'
import { freePort } from '../free-port.ts'
import type { Upstream } from '../upstream.ts'
import { type Answer, type CallOptions, call } from './client.ts'
import { openServers } from './servers.ts'

/** An app under test, with a simulator over HTTP behind it. */
export interface Harness<Config extends ServerConfig> {
  simulator: Simulator
  server: SimulatorServer
  app: RunningApp<Config>
  url: string
  upstream: Upstream
  environment: NodeJS.ProcessEnv
  /** Everything that the app wrote into its log. */
  logged(): string
  /** One request; `url` is that of the app unless given. */
  call(method: string, path: string, options?: CallOptions & { url?: string }): Promise<Answer>
  close(): Promise<void>
}

export interface HarnessOptions {
  /** Further variables of the app. */
  environment?: NodeJS.ProcessEnv
  /** A clock, faults from the start … */
  simulator?: SimulatorOptions
}

/** Starts an app on PGlite and memory, or with `APPS_ON=servers` on a PostgreSQL and a Redis of its own. */
export async function startHarness<Config extends ServerConfig>(
  definition: AppDefinition<Config>,
  options: HarnessOptions = {}
): Promise<Harness<Config>> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const deliver = definition.gatewayPath === undefined ? {} : { gateway: url + definition.gatewayPath }
  const simulator = createSimulator({ deliver, ...options.simulator })
  const server = await simulator.listen({ control: true })
  const servers = await openServers()
  const upstream: Upstream = {
    target: { simulator: server.url },
    credentials: simulator.credentials,
    simulator,
    controlUrl: `${server.url}/`,
    close: async () => undefined
  }
  const environment = { PORT: String(port), PUBLIC_URL: url, ...servers.environment, ...options.environment }
  const lines: string[] = []
  const log = vi.spyOn(console, 'error').mockImplementation((...parts) => void lines.push(parts.map(String).join(' ')))
  const app = await startApp(definition, environment, upstream)
  return {
    simulator,
    server,
    app,
    url,
    upstream,
    environment,
    logged: () => lines.join('\n'),
    call: (method, path, { url: other = url, ...rest } = {}) => call(other, method, path, rest),
    close: async () => {
      await app.close()
      await server.close()
      await servers.stop()
      log.mockRestore()
    }
  }
}
