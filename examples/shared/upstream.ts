import { createSimulator, type Simulator, type SimulatorCredentials } from 'weixin-kit/simulator'

/** Where the calls of an app go: to the real services, or to a simulator over HTTP. */
export interface Upstream {
  /** Client options of all clients: the simulator, or none. */
  target: { simulator?: string | undefined }
  /** Those of WeChat Pay, where a simulator serves it over HTTPS because certificates must be shown. */
  payTarget?: { simulator: string } | undefined
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
export async function openUpstream({
  isReal,
  simulatorUrl: elsewhere,
  gatewayUrl
}: UpstreamOptions): Promise<Upstream> {
  const isOwn = !isReal && elsewhere === undefined
  // Accounts are the same in every simulator without a seed, so that one elsewhere knows them too.
  const simulator = isReal ? undefined : createSimulator({ deliver: gatewayUrl ? { gateway: gatewayUrl } : {} })
  const server = isOwn ? await simulator?.listen({ control: true }) : undefined
  const url = elsewhere ?? server?.url
  return {
    target: { simulator: url },
    credentials: simulator?.credentials,
    simulator: isOwn ? simulator : undefined,
    controlUrl: url && `${url}/`,
    close: async () => void (await server?.close())
  }
}

/** Where a page finds a script of WeChat or Geetest: at them, or at the simulator. */
export function scriptUrl({ target: { simulator } }: Upstream, host: string, path: string): string {
  return `${simulator === undefined ? 'https:/' : simulator}/${host}${path}`
}
