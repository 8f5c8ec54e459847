import { vi } from 'vitest'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'
import { freePort } from '../../shared/free-port.ts'
import { type Answer, type CallOptions, call } from '../../shared/test/client.ts'
import { openServers } from '../../shared/test/servers.ts'
import { start } from '../src/server.ts'

export interface Harness {
  simulator: Simulator
  url: string
  /** Everything that the app wrote into its log. */
  logged(): string
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  close(): Promise<void>
}

/** Starts the app against a simulator over HTTP. */
export async function startHarness(): Promise<Harness> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const simulator = createSimulator({ deliver: { gateway: `${url}/boilerplate/api/v1/wechat-mp/gateway` } })
  const server = await simulator.listen()
  const servers = await openServers()
  const lines: string[] = []
  const log = vi.spyOn(console, 'error').mockImplementation((...parts) => void lines.push(parts.map(String).join(' ')))
  const app = await start(
    { PORT: String(port), PUBLIC_URL: url, ...servers.environment },
    {
      optionsFor: (host) => ({ baseUrl: server.baseUrl(host) }),
      credentials: simulator.credentials,
      simulator,
      close: async () => undefined
    }
  )
  return {
    simulator,
    url,
    logged: () => lines.join('\n'),
    call: (method, path, options) => call(url, method, path, options),
    close: async () => {
      await app.close()
      await server.close()
      await servers.stop()
      log.mockRestore()
    }
  }
}
