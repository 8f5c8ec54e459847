import type { Simulator } from '../simulator/simulator.ts'
import { accountVariables, type VariableGroups } from '../simulator/skins/account-variables.ts'
import type { SimulatorServer } from '../simulator/skins/server.ts'

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
