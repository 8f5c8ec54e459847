import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { ConfigError } from '../errors/index.ts'
import { createSimulator } from '../simulator/index.ts'
import type { Simulator } from '../simulator/simulator.ts'
import type { SimulatorServer } from '../simulator/skins/server.ts'
import { type AuthorityFile, authorityPath, keepAuthority } from './authority-file.ts'
import { UsageError } from './command.ts'
import type { SimulatorRequest } from './simulator-options.ts'
import { keepState } from './state-file.ts'
import { stateFolder } from './state-folder.ts'

/** A simulator started by a command. */
export interface RunningSimulator {
  readonly simulator: Simulator
  readonly server: SimulatorServer
  readonly authority: AuthorityFile
  /** Saves the state and stops it. */
  stop(): Promise<void>
}

/** All problems with files are reported before anything listens. */
export async function startSimulator(
  request: SimulatorRequest,
  tls: boolean,
  report: (line: string) => void
): Promise<RunningSimulator> {
  // It runs for days next to an editor, an application and a database: free memory is returned early.
  setFlagsFromString('--optimize-for-size')
  const simulator = createSimulator(request.options)
  setGateways(simulator, request.gateways)
  const path = request.caFile ?? authorityPath(stateFolder())
  const authority = keepAuthority(path, simulator.servedHosts)
  simulator.keys.serverAuthority = authority.authority
  for (const line of authority.lines) report(line)
  if (request.credentials !== undefined) writeCredentials(simulator, request.credentials)
  const state = request.state === undefined ? undefined : await keepState(simulator, request.state, report)
  const server = await simulator.listen({ ...request.listen, tls, control: true })
  return {
    simulator,
    server,
    authority,
    stop: async () => {
      await simulator.close()
      await state?.save()
    }
  }
}

/** `officialAccount=http://…` becomes the target of that account. */
function setGateways(simulator: Simulator, gateways: Readonly<Record<string, string>>): void {
  const { '*': rest, ...named } = gateways
  if (Object.keys(named).length === 0) {
    if (rest !== undefined) simulator.deliveries.target('gateway', rest)
    return
  }
  const { accounts } = simulator.context
  const targets: Record<string, string> = rest === undefined ? {} : { '*': rest }
  for (const [account, url] of Object.entries(named)) {
    try {
      targets[accounts.resolve(account).appId] = url
    } catch (cause) {
      throw new UsageError(`--gateway-url: ${cause instanceof Error ? cause.message : account}`, { cause })
    }
  }
  simulator.deliveries.target('gateway', targets)
}

/** The files of the first merchant, as the console provides them. */
function writeCredentials(simulator: Simulator, folder: string): void {
  const files = simulator.credentials.merchantFiles()
  const [publicKeyId, publicKey = ''] = Object.entries(simulator.credentials.payV3.platformKeys)[0] ?? []
  try {
    mkdirSync(folder, { recursive: true })
    const write = (name: string, content: string | Buffer) =>
      writeFileSync(join(folder, name), content, { mode: 0o600 })
    write('apiclient_key.pem', files.key)
    write('apiclient_cert.pem', files.cert)
    write('apiclient_cert.p12', files.legacyPfx)
    write('apiclient_cert.aes.p12', files.pfx)
    write(publicKeyId?.startsWith('PUB_KEY_ID') ? 'pub_key.pem' : 'wechatpay_cert.pem', publicKey)
  } catch (cause) {
    throw cannotWrite('--credentials', folder, cause)
  }
}

/** Makes the error for a file that cannot be written. */
export function cannotWrite(option: string, path: string, cause: unknown): ConfigError {
  const { code = String(cause) } = cause as { code?: string }
  const text = `${option} ${path} cannot be written (${code}): check that the folder ${dirname(path)} exists and is writable, and that the disk is not full.`
  return new ConfigError(text, { option, cause, product: 'simulator' })
}
