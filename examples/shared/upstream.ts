import { createSimulator, type Simulator, type SimulatorCredentials } from 'weixin-kit/simulator'

/** Where the calls of an app go: to the real services, or to a simulator over HTTP. */
export interface Upstream {
  /** Client options of all clients: the simulator, or none. */
  target: { simulator?: string | undefined }
  /** Those of WeChat Pay, where a simulator serves it over HTTPS because certificates must be shown. */
  payTarget?: { simulator: string } | undefined
  /** Client options for an upstream host: a base URL on the simulator, or none. */
  optionsFor(host: string): { baseUrl?: string }
  /** Accounts of the simulator; `undefined` with the real services. */
  credentials: SimulatorCredentials | undefined
  /** The simulator, when it runs in this process. */
  simulator: Simulator | undefined
  /** Page of the simulator on which one acts as a person. */
  controlUrl?: string | undefined
  close(): Promise<void>
}

export interface UpstreamOptions {
  /** Accounts are configured: of the real services or, with `simulatorUrl`, of that simulator. */
  isReal: boolean
  /** A simulator that runs elsewhere, e.g. `npx weixin-kit simulator --port 8080`. */
  simulatorUrl?: string | undefined
  /** Where the simulator of this process delivers messages of the gateway. */
  gatewayUrl?: string | undefined
}

/** Uses what is configured; with nothing configured it starts a simulator on a free loopback port. */
export async function openUpstream(options: UpstreamOptions): Promise<Upstream> {
  const root = options.simulatorUrl?.replace(/\/+$/, '')
  if (options.isReal) {
    const optionsFor = (host: string) => (root ? { baseUrl: `${root}/${host}` } : {})
    const controlUrl = root && `${root}/`
    const target = { simulator: root }
    return {
      target,
      optionsFor,
      credentials: undefined,
      simulator: undefined,
      controlUrl,
      close: async () => undefined
    }
  }
  const deliver = options.gatewayUrl ? { gateway: options.gatewayUrl } : {}
  // Accounts are the same in every simulator without a seed, so that one elsewhere knows them too.
  const simulator = createSimulator({ deliver })
  const server = root ? undefined : await simulator.listen({ control: true })
  const url = root ?? server?.url
  return {
    target: { simulator: url },
    optionsFor: (host) => ({ baseUrl: `${url}/${host}` }),
    credentials: simulator.credentials,
    simulator: root ? undefined : simulator,
    controlUrl: `${url}/`,
    close: async () => void (await server?.close())
  }
}
