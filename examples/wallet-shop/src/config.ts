import { z } from 'zod'
import { hasAccounts, proxies, publicUrlOf, readEnvironment, serverVariables, text } from '../../shared/environment.ts'

const ENVIRONMENT = z.object({
  ...serverVariables('wallet-shop', 3003),
  TRUST_PROXY: proxies.default('loopback'),
  AES_KEY_SEED: text.optional(),
  SHOP_NAME: text.max(30).default('钱包商店'),
  WEIXIN_APP_ID: text.optional(),
  WEIXIN_APP_SECRET: text.optional(),
  WEIXIN_MCH_ID: text.optional(),
  WX_MCH_ID: text.optional(),
  WEIXIN_PAY_KEY: text.optional(),
  WEIXIN_MP_APP_ID: text.optional(),
  WEIXIN_MP_APP_SECRET: text.optional()
})

const ACCOUNTS = ['WEIXIN_APP_ID', 'WEIXIN_APP_SECRET', 'WEIXIN_MCH_ID', 'WEIXIN_PAY_KEY'] as const
const MP_ACCOUNT = ['WEIXIN_MP_APP_ID', 'WEIXIN_MP_APP_SECRET'] as const

export type Config = ReturnType<typeof readConfig>

/** Reads and checks the environment. The real services need the four variables of the accounts; none means the simulator. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const { WX_MCH_ID, ...data } = readEnvironment(ENVIRONMENT, environment)
  // The document's fragment calls it `config.WX_MCH_ID`.
  const config = { ...data, WEIXIN_MCH_ID: data.WEIXIN_MCH_ID ?? WX_MCH_ID, PUBLIC_URL: publicUrlOf(data) }
  const isReal = hasAccounts(config, ACCOUNTS)
  if (hasAccounts(config, MP_ACCOUNT) && !isReal)
    throw new Error(`WEIXIN_MP_APP_ID is of no use without ${ACCOUNTS.join(', ')}`)
  return { ...config, isReal }
}
