import { readFileSync } from 'node:fs'
import type { SimulatorOptions } from '../simulator/index.ts'
import { UsageError } from './command.ts'

export const DEFAULT_PORT = 8787
/** Number of entries in the console: enough for a day of work. */
const LOG_ENTRIES = 10_000

/** Options that `simulator` and `run` share, for `parseArgs`. */
export const SIMULATOR_ARGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  config: { type: 'string' },
  'notify-base': { type: 'string' },
  'gateway-url': { type: 'string', multiple: true },
  'gateway-mode': { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  'pass-through': { type: 'string', multiple: true },
  'ca-file': { type: 'string' },
  credentials: { type: 'string' },
  state: { type: 'string' },
  seed: { type: 'string' }
} as const

export const SIMULATOR_USAGE = `  --notify-base <url>     Your application: callbacks go there, with the path of notify_url
  --gateway-url <url>     Where messages and events go (--notify-base + /wechat); <account>=<url> for one account
                          (officialAccount, miniProgram or an appid); may be repeated
  --gateway-mode <mode>   plain, compatible or encrypted (default)
  --config <file.json>    Options of createSimulator: accounts, deliver, seed, limits …
  --allow-host <name>     A host besides loopback that may be called and may call, e.g. a container; may be repeated
  --pass-through <host>   A real host that the forward proxy lets through; all others are refused; may be repeated
  --ca-file <file.pem>    Keep the certificate authority here (its key next to it) instead of in the state folder
  --credentials <folder>  Write the files that the merchant console hands out: apiclient_key.pem, apiclient_cert.p12 …
  --state <file>          Keep users, orders, objects … across restarts
  --seed <text>           Other accounts and repeatable ids`

type Values = { readonly [Name in keyof typeof SIMULATOR_ARGS]?: string | string[] | undefined }

const one = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined
const many = (value: string | string[] | undefined): string[] => (Array.isArray(value) ? value : [])

/** The options of a command line. */
export interface SimulatorRequest {
  readonly options: SimulatorOptions
  /** Targets of messages by account; `*` for the others. */
  readonly gateways: Readonly<Record<string, string>>
  readonly listen: { readonly port: number; readonly host?: string; readonly passThrough: readonly string[] }
  readonly caFile: string | undefined
  readonly credentials: string | undefined
  readonly state: string | undefined
}

/** @throws {UsageError} for options that cannot be parsed. */
export function readSimulatorRequest(values: Values, defaultPort: number): SimulatorRequest {
  const config = readConfig(one(values.config))
  const base = one(values['notify-base'])
  const gateways = Object.fromEntries(many(values['gateway-url']).map(gatewayOf))
  if (base !== undefined && gateways['*'] === undefined) gateways['*'] = `${base.replace(/\/$/, '')}/wechat`
  const seed = one(values.seed)
  const allowHosts = many(values['allow-host'])
  const given = isRecord(config.deliver)
    ? config.deliver
    : config.deliver === undefined
      ? {}
      : { default: config.deliver }
  const host = one(values.host)
  return {
    options: {
      ...(config as SimulatorOptions),
      limits: { logEntries: LOG_ENTRIES, ...(config.limits as SimulatorOptions['limits']) },
      ...(seed === undefined ? {} : { seed }),
      ...withMode(config.accounts, one(values['gateway-mode'])),
      deliver: {
        ...given,
        ...(base === undefined ? {} : { default: base }),
        allowHosts: [...(Array.isArray(given.allowHosts) ? (given.allowHosts as string[]) : []), ...allowHosts]
      }
    },
    gateways,
    listen: {
      port: portOf(one(values.port), defaultPort),
      ...(host === undefined ? {} : { host }),
      passThrough: many(values['pass-through'])
    },
    caFile: one(values['ca-file']),
    credentials: one(values.credentials),
    state: one(values.state)
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readConfig(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {}
  let text: string
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new UsageError(`--config ${file} cannot be read (${(error as { code?: string }).code}).`, { cause: error })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new UsageError(`--config ${file} is not JSON: ${cause instanceof Error ? cause.message : ''}`, { cause })
  }
  if (!isRecord(value)) throw new UsageError(`--config ${file} must hold an object such as { "accounts": { … } }.`)
  return value
}

function gatewayOf(text: string): [string, string] {
  const [, account, url] = /^([\w]+)=(https?:.*)$/.exec(text) ?? []
  return account === undefined || url === undefined ? ['*', text] : [account, url]
}

const MODES = ['plain', 'compatible', 'encrypted']

/** The mode of every account for which the configuration sets none. */
function withMode(accounts: unknown, mode: string | undefined): Pick<SimulatorOptions, 'accounts'> {
  const given = (accounts ?? {}) as NonNullable<SimulatorOptions['accounts']>
  if (mode === undefined) return accounts === undefined ? {} : { accounts: given }
  if (!MODES.includes(mode)) throw new UsageError(`--gateway-mode must be one of ${MODES.join(', ')}.`)
  const wechat = given.wechat ?? [{ kind: 'officialAccount' as const }, { kind: 'miniProgram' as const }]
  const withModes = wechat.map((one) => ({ ...one, gateway: { mode: mode as 'plain', ...one.gateway } }))
  return { accounts: { ...given, wechat: withModes } }
}

function portOf(text: string | undefined, fallback: number): number {
  const value = Number(text ?? fallback)
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new UsageError('--port must be a number from 0 to 65535.')
  return value
}
