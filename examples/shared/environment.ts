import { z } from 'zod'

/** Rules for variables of the environment that all apps have. */
export const text = z.string().min(1)
export const integer = z.string().regex(/^\d+$/, 'must be a whole number').transform(Number)
export const port = integer.refine((value) => value <= 65_535, 'must be a port, 0 to 65535')

/** An address with one of the schemes. `localhost:3001` is none: it parses as the scheme `localhost`. */
const address = (...schemes: readonly string[]) =>
  z.string().refine((value) => schemes.includes(schemeOf(value)), `must be an address ${schemes.join('://… or ')}://…`)
export const webAddress = address('http', 'https').transform((url) => url.replace(/\/+$/, ''))
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true')
export const originalId = text.regex(/^gh_\w+$/, 'must be the original id (原始ID), gh_…')

/** As Express takes it: a number of proxies, or their addresses and networks. */
export const proxies = text
  .regex(/^(?:\d\d?|[\da-f.:/, ]+|(?:loopback|linklocal|uniquelocal)\b.*)$/i, 'must be addresses, networks or a number')
  .transform((value) => (/^\d\d?$/.test(value) ? Number(value) : value))

/** Variables of every app. */
export const serverVariables = (name: string, defaultPort: number) => ({
  HOST: text.default('127.0.0.1'),
  PORT: port.default(defaultPort),
  PUBLIC_URL: webAddress.optional(),
  DATABASE_URL: address('postgres', 'postgresql').optional(),
  DATA_FOLDER: text.default(`data/${name}`),
  REDIS_URL: address('redis', 'rediss').optional(),
  SIMULATOR_URL: webAddress.optional()
})

/** What `startApp` needs of a configuration. */
export interface ServerConfig {
  HOST: string
  PORT: number
  /** Without a slash at the end. */
  PUBLIC_URL: string
  DATABASE_URL?: string | undefined
  DATA_FOLDER: string
  REDIS_URL?: string | undefined
  SIMULATOR_URL?: string | undefined
  /** Accounts are configured: of the real services or, with `SIMULATOR_URL`, of that simulator. */
  isReal: boolean
}

/** Reads the variables that are set; one that is wrong ends the start with a sentence that names it and not its value. */
export function readEnvironment<T>(schema: z.ZodType<T>, environment: NodeJS.ProcessEnv): T {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = schema.safeParse(set)
  if (result.success) return result.data
  const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The environment is not usable:\n  ${lines.join('\n  ')}`)
}

function schemeOf(value: string): string {
  return URL.canParse(value) && value.includes('://') ? new URL(value).protocol.slice(0, -1) : ''
}
