import type { Simulator } from '../simulator/simulator.ts'
import { accountVariables, type VariableGroups } from '../simulator/skins/account-variables.ts'
import type { SimulatorServer } from '../simulator/skins/server.ts'

/** A value on one line, in quotes where a shell or dotenv would stumble. */
function quoted(value: string): string {
  return /^[\w./:@+=,-]*$/.test(value)
    ? value
    : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

/** The accounts and base URLs of a running simulator as variables. */
export function simulatorVariables(simulator: Simulator, server: SimulatorServer): Record<string, string> {
  return Object.assign({}, ...Object.values(accountVariables(simulator.credentials, server)))
}

/** The same as a `.env`. */
export function simulatorEnv(simulator: Simulator, server: SimulatorServer, caFile?: string): string {
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
