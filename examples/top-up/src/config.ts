import { z } from 'zod'
import { hasAccounts, integer, publicUrlOf, readEnvironment, serverVariables, text } from '../../shared/environment.ts'

const ACCOUNTS = {
  WECHAT_APP_ID: text.optional(),
  WECHAT_APP_SECRET: text.optional(),
  WECHAT_MCH_ID: text.optional(),
  WECHAT_PAY_KEY: text.optional(),
  GEETEST_ID: text.optional(),
  GEETEST_KEY: text.optional(),
  YUNPIAN_API_KEY: text.optional()
}
const ACCOUNT_NAMES = Object.keys(ACCOUNTS) as (keyof typeof ACCOUNTS)[]
const flag = z.enum(['true', 'false']).transform((value) => value === 'true')

const ENVIRONMENT = z.object({
  ...serverVariables('top-up', 3004),
  ...ACCOUNTS,
  NODE_ENV: text.default('development'),
  /** Proxies in front: so many addresses at the end of X-Forwarded-For are believed. */
  TRUST_PROXY: integer.default(0),
  SESSION_SECRET: text.optional(),
  YUNPIAN_CODE_TEXT: text.includes('#code#').default('【云片网】您的验证码是#code#'),
  /** Fen. */
  RECHARGE_MAX: integer.default(500_000),
  JSSDK_DEBUG: flag.optional(),
  JSSDK_HOSTS: text.optional()
})

export type Config = ReturnType<typeof readConfig>

/** Reads and checks the environment. The real services need all variables of the accounts; none means the simulator. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const data = readEnvironment(ENVIRONMENT, environment)
  const PUBLIC_URL = publicUrlOf(data)
  return {
    ...data,
    PUBLIC_URL,
    isReal: hasAccounts(data, ACCOUNT_NAMES),
    JSSDK_DEBUG: data.JSSDK_DEBUG ?? data.NODE_ENV !== 'production',
    jssdkHosts: [new URL(PUBLIC_URL).host, ...(data.JSSDK_HOSTS?.split(',').map((host) => host.trim()) ?? [])]
  }
}
