import { z } from 'zod'
import { readAppConfig } from '../../shared/app-config.ts'
import { proxies, serverVariables, text } from '../../shared/environment.ts'

const ENVIRONMENT = z.object({
  ...serverVariables('wallet-shop', 3003),
  TRUST_PROXY: proxies.default('loopback'),
  AES_KEY_SEED: text.optional(),
  SHOP_NAME: text.max(30).default('钱包商店')
})

export type Config = ReturnType<typeof readConfig>

/** Reads and checks the environment. The real services need the mobile application and its merchant; none means the simulator. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  return readAppConfig(ENVIRONMENT, environment, {
    accounts: ['app', 'payV2'],
    optional: ['officialAccount'],
    aliases: { WX_MCH_ID: 'WEIXIN_PAY_MCH_ID' }
  })
}
