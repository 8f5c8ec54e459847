import { z } from 'zod'
import { variablesOf } from '../../shared/accounts.ts'
import { readAppConfig } from '../../shared/app-config.ts'
import { integer, originalId, port, proxies, serverVariables, text } from '../../shared/environment.ts'
import { hasPasswordLength } from './password-length.ts'

const ACCOUNTS = ['qiniu', 'yunpian', 'officialAccount', 'gateway', 'payV2', 'clientCert'] as const
/** As the document calls them. */
const ALIASES = {
  WEIXIN_ID: 'WEIXIN_MP_ORIGINAL_ID',
  WEIXIN_APP_ID: 'WEIXIN_MP_APP_ID',
  WEIXIN_APP_SECRET: 'WEIXIN_MP_APP_SECRET',
  WEIXIN_TOKEN: 'WEIXIN_GATEWAY_TOKEN',
  WEIXIN_AES_KEY: 'WEIXIN_GATEWAY_AES_KEY',
  WEIXIN_MCH_ID: 'WEIXIN_PAY_MCH_ID',
  WEIXIN_PAY_KEY: 'WEIXIN_PAY_API_KEY',
  WEIXIN_CERT_PATH: 'WEIXIN_PAY_CERT_FILE',
  WEIXIN_KEY_PATH: 'WEIXIN_PAY_PRIVATE_KEY_FILE'
}

/** The variables of the document; the counterparts of its Flask, MySQL, Celery and Redis variables are in API.md. */
const ENVIRONMENT = z.object({
  FLASK_CONFIG: z.enum(['development', 'testing', 'production']).default('development'),
  ...serverVariables('official-site', 3001),
  TRUST_PROXY: proxies.default('loopback'),
  REDIS_HOST: text.optional(),
  REDIS_PORT: port.default(6379),
  REDIS_DB: integer.default(0),
  AES_KEY_SEED: text.optional(),
  CA_CERTS_PATH: text.optional(),
  WEIXIN_MP_ORIGINAL_ID: originalId.optional(),
  YUNPIAN_CODE_TEXT: text.includes('#code#').default('【云片网】您的验证码是#code#'),
  ADMIN_NAME: text.default('admin'),
  ADMIN_PASSWORD: z.string().refine(hasPasswordLength, 'must have 6 to 64 characters').optional()
})

export type Config = ReturnType<typeof readConfig>

/** Reads and checks the environment; a wrong or half-set variable ends the start with a sentence that names it. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const options = { accounts: ACCOUNTS, aliases: ALIASES }
  const { REDIS_HOST, REDIS_PORT, REDIS_DB, ...rest } = readAppConfig(ENVIRONMENT, environment, options)
  const REDIS_URL = rest.REDIS_URL ?? (REDIS_HOST ? `redis://${REDIS_HOST}:${REDIS_PORT}/${REDIS_DB}` : undefined)
  const config = { ...rest, REDIS_URL, unused: unusedVariables(environment) }
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
    ...(config.isReal ? [] : variablesOf(ACCOUNTS))
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
