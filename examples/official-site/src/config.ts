import { z } from 'zod'
import {
  hasAccounts,
  integer,
  originalId,
  port,
  proxies,
  publicUrlOf,
  readEnvironment,
  serverVariables,
  text
} from '../../shared/environment.ts'
import { hasPasswordLength } from './password-length.ts'
import { withSimulatorVariables } from './simulator-variables.ts'

/** The accounts of the document. All of them select the services that have them, none the simulator; some are a mistake. */
const ACCOUNTS = {
  QINIU_ACCESS_KEY: text.optional(),
  QINIU_SECRET_KEY: text.optional(),
  QINIU_BUCKET: text.optional(),
  QINIU_DOMAIN: text.optional(),
  YUNPIAN_API_KEY: text.optional(),
  WEIXIN_APP_ID: text.optional(),
  WEIXIN_APP_SECRET: text.optional(),
  WEIXIN_TOKEN: text.optional(),
  WEIXIN_AES_KEY: text.optional(),
  WEIXIN_MCH_ID: text.optional(),
  WEIXIN_PAY_KEY: text.optional(),
  WEIXIN_CERT_PATH: text.optional(),
  WEIXIN_KEY_PATH: text.optional()
}
/** The content of the two files, as the simulator prints it, does as well. */
const CONTENTS = { WEIXIN_CERT_PATH: 'WEIXIN_CERT_PEM', WEIXIN_KEY_PATH: 'WEIXIN_KEY_PEM' } as const
const ACCOUNT_NAMES = Object.keys(ACCOUNTS) as (keyof typeof ACCOUNTS)[]

/** The variables of the document; the counterparts of its Flask, MySQL, Celery and Redis variables are in API.md. */
const ENVIRONMENT = z.object({
  ...ACCOUNTS,
  WEIXIN_CERT_PEM: text.optional(),
  WEIXIN_KEY_PEM: text.optional(),
  FLASK_CONFIG: z.enum(['development', 'testing', 'production']).default('development'),
  ...serverVariables('official-site', 3001),
  TRUST_PROXY: proxies.default('loopback'),
  REDIS_HOST: text.optional(),
  REDIS_PORT: port.default(6379),
  REDIS_DB: integer.default(0),
  AES_KEY_SEED: text.optional(),
  CA_CERTS_PATH: text.optional(),
  WEIXIN_ID: originalId.optional(),
  YUNPIAN_CODE_TEXT: text.includes('#code#').default('【云片网】您的验证码是#code#'),
  ADMIN_NAME: text.default('admin'),
  ADMIN_PASSWORD: z.string().refine(hasPasswordLength, 'must have 6 to 64 characters').optional()
})

export type Config = ReturnType<typeof readConfig>

/** Reads and checks the environment; a wrong or half-set variable ends the start with a sentence that names it. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const { REDIS_HOST, REDIS_PORT, REDIS_DB, ...rest } = readEnvironment(
    ENVIRONMENT,
    withSimulatorVariables(environment)
  )
  const given = Object.fromEntries(
    ACCOUNT_NAMES.map((name) => [name, rest[name] ?? rest[CONTENTS[name as keyof typeof CONTENTS]]])
  )
  const isReal = hasAccounts(given, ACCOUNT_NAMES)
  const REDIS_URL = rest.REDIS_URL ?? (REDIS_HOST ? `redis://${REDIS_HOST}:${REDIS_PORT}/${REDIS_DB}` : undefined)
  const unused = unusedVariables(environment)
  const config = { ...rest, isReal, REDIS_URL, PUBLIC_URL: publicUrlOf(rest), unused }
  if (config.FLASK_CONFIG === 'production') checkProduction(config, environment)
  return config
}

function checkProduction(
  config: {
    PUBLIC_URL: string
    AES_KEY_SEED?: string | undefined
    SIMULATOR_URL?: string | undefined
    isReal: boolean
  },
  environment: NodeJS.ProcessEnv
): void {
  const missing = [
    ...(environment.PUBLIC_URL ? [] : ['PUBLIC_URL']),
    ...(config.AES_KEY_SEED ? [] : ['AES_KEY_SEED']),
    ...(config.isReal ? [] : ACCOUNT_NAMES)
  ]
  if (missing.length > 0) throw new Error(`FLASK_CONFIG=production needs ${missing.join(', ')}`)
  if (config.SIMULATOR_URL)
    throw new Error('FLASK_CONFIG=production takes no simulator: remove SIMULATOR_URL, WEIXIN_BASE_URL')
  const { protocol, hostname } = new URL(config.PUBLIC_URL)
  // The cookies are marked `Secure` by this address.
  if (protocol !== 'https:' && hostname !== '127.0.0.1')
    throw new Error('FLASK_CONFIG=production needs an https PUBLIC_URL')
}

/** Variables of the document that mean nothing here, for a line in the log: nobody shall believe that they work. */
function unusedVariables(environment: NodeJS.ProcessEnv): string[] {
  return Object.keys(environment).filter((name) => /^(?:FLASK_MYSQL|CELERY)_/.test(name))
}
