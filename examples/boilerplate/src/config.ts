import { z } from 'zod'
import { port, postgresAddress, readEnvironment, redisAddress, text, webAddress } from '../../shared/environment.ts'

const ENVIRONMENT = z.object({
  HOST: text.default('127.0.0.1'),
  PORT: port.default(3002),
  PUBLIC_URL: webAddress.optional(),
  DATABASE_URL: postgresAddress.optional(),
  DATA_FOLDER: text.default('data/boilerplate'),
  REDIS_URL: redisAddress.optional(),
  SIMULATOR_URL: webAddress.optional(),
  MINIAPP_APP_ID: text.optional(),
  MINIAPP_APP_SECRET: text.optional(),
  WEIXIN_ID: text.regex(/^gh_\w+$/, 'must be the original id (原始ID), gh_…').optional(),
  WEIXIN_APP_ID: text.optional(),
  WEIXIN_APP_SECRET: text.optional(),
  WEIXIN_TOKEN: text.optional(),
  WEIXIN_AES_KEY: text.optional()
})

export type Config = ReturnType<typeof readConfig>

const ACCOUNT = ['MINIAPP_APP_ID', 'MINIAPP_APP_SECRET', 'WEIXIN_APP_ID', 'WEIXIN_APP_SECRET', 'WEIXIN_TOKEN'] as const

/** Reads and checks the environment. The real services need all variables of the accounts; none means the simulator. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const data = readEnvironment(ENVIRONMENT, environment)
  const missing = ACCOUNT.filter((name) => data[name] === undefined)
  const isReal = missing.length < ACCOUNT.length
  if (isReal && missing.length > 0) throw new Error(`The accounts are half configured; missing: ${missing.join(', ')}`)
  return { ...data, isReal, PUBLIC_URL: data.PUBLIC_URL ?? `http://127.0.0.1:${data.PORT}` }
}
