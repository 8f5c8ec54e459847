import { z } from 'zod'
import {
  hasAccounts,
  originalId,
  publicUrlOf,
  readEnvironment,
  serverVariables,
  text
} from '../../shared/environment.ts'

const ENVIRONMENT = z.object({
  ...serverVariables('boilerplate', 3002),
  MINIAPP_APP_ID: text.optional(),
  MINIAPP_APP_SECRET: text.optional(),
  WEIXIN_ID: originalId.optional(),
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
  return { ...data, isReal: hasAccounts(data, ACCOUNT), PUBLIC_URL: publicUrlOf(data) }
}
