import type { Simulator } from '../simulator/simulator.ts'
import { accountVariables, type VariableGroups } from '../simulator/skins/account-variables.ts'
import type { SimulatorServer } from '../simulator/skins/server.ts'

type Reached = Pick<SimulatorServer, 'url' | 'baseUrl'>

/**
 * The server as other containers reach it. What browsers open keeps its address: they run on the machine to which the port is published.
 *
 * @param name Host name of the container.
 */
export function reachedAs(name: string, server: SimulatorServer): Reached {
  const baseUrl = (host: string) => {
    const url = new URL(server.baseUrl(host))
    if (host !== 'open.weixin.qq.com') url.hostname = name
    return url.href
  }
  return { url: server.url, baseUrl }
}

/** A value on one line, quoted where a shell or dotenv would misread it. */
function quoted(value: string): string {
  return /^[\w./:@+=,-]*$/.test(value)
    ? value
    : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

/** Returns the accounts and base URLs of a running simulator as variables. */
export function simulatorVariables(simulator: Simulator, server: SimulatorServer): Record<string, string> {
  return Object.assign({}, ...Object.values(accountVariables(simulator.credentials, server)))
}

/** The same as the text of a `.env` file. */
export function simulatorEnv(simulator: Simulator, server: Reached, caFile?: string): string {
  const tls: VariableGroups = caFile === undefined ? {} : { TLS: { NODE_EXTRA_CA_CERTS: caFile } }
  return Object.entries({ ...accountVariables(simulator.credentials, server), ...tls })
    .map(
      ([title, values]) =>
        `# ${title}\n${Object.entries(values)
          .map(([name, value]) => `${name}=${quoted(value)}\n`)
          .join('')}`
    )
    .join('\n')
}
