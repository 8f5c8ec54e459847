import { z } from 'zod'
import { readAppConfig } from '../../shared/app-config.ts'
import { originalId, serverVariables } from '../../shared/environment.ts'

const ENVIRONMENT = z.object({ ...serverVariables('boilerplate', 3002), WEIXIN_MP_ORIGINAL_ID: originalId.optional() })

export type Config = ReturnType<typeof readConfig>

/** Reads and checks the environment. The real services need all variables of the accounts; none means the simulator. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  return readAppConfig(ENVIRONMENT, environment, {
    accounts: ['miniProgram', 'officialAccount', 'gatewayToken'],
    optional: ['gatewayKey']
  })
}
