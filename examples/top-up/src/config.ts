import { z } from 'zod'
import { readAppConfig } from '../../shared/app-config.ts'
import { flag, integer, serverVariables, text } from '../../shared/environment.ts'

const ENVIRONMENT = z.object({
  ...serverVariables('top-up', 3004),
  NODE_ENV: text.default('development'),
  /** Proxies in front: so many addresses at the end of X-Forwarded-For are believed. */
  TRUST_PROXY: integer.default(0),
  AES_KEY_SEED: text.optional(),
  YUNPIAN_CODE_TEXT: text.includes('#code#').default('【云片网】您的验证码是#code#'),
  /** Fen. */
  RECHARGE_MAX: integer.default(500_000),
  JSSDK_DEBUG: flag.optional(),
  JSSDK_HOSTS: text.optional()
})

export type Config = ReturnType<typeof readConfig>

/** Reads and checks the environment. The real services need all variables of the accounts; none means the simulator. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const config = readAppConfig(ENVIRONMENT, environment, {
    accounts: ['officialAccount', 'payV2', 'geetest', 'yunpian'],
    aliases: { WECHAT_APP_ID: 'WEIXIN_MP_APP_ID' }
  })
  return {
    ...config,
    JSSDK_DEBUG: config.JSSDK_DEBUG ?? config.NODE_ENV !== 'production',
    jssdkHosts: [new URL(config.PUBLIC_URL).host, ...(config.JSSDK_HOSTS?.split(',').map((host) => host.trim()) ?? [])]
  }
}
