import { readFileSync } from 'node:fs'
import type { SimulatorCredentials } from 'weixin-kit/simulator'

/**
 * Accounts by the variables that `npx weixin-kit simulator` prints and `npx weixin-kit doctor` checks. Each can be a file:
 * `WEIXIN_PAY_CERT_FILE=apiclient_cert.pem`.
 */
const ACCOUNTS = {
  officialAccount: { appId: 'WEIXIN_MP_APP_ID', appSecret: 'WEIXIN_MP_APP_SECRET' },
  miniProgram: { appId: 'WEIXIN_MINIAPP_APP_ID', appSecret: 'WEIXIN_MINIAPP_APP_SECRET' },
  app: { appId: 'WEIXIN_MOBILE_APP_ID', appSecret: 'WEIXIN_MOBILE_APP_SECRET' },
  gateway: { token: 'WEIXIN_GATEWAY_TOKEN', encodingAESKey: 'WEIXIN_GATEWAY_AES_KEY' },
  /** Beside it a key is optional: without one, plaintext mode. */
  gatewayToken: { token: 'WEIXIN_GATEWAY_TOKEN' },
  gatewayKey: { encodingAESKey: 'WEIXIN_GATEWAY_AES_KEY' },
  payV2: { mchId: 'WEIXIN_PAY_MCH_ID', apiKey: 'WEIXIN_PAY_API_KEY' },
  clientCert: { cert: 'WEIXIN_PAY_CERT', key: 'WEIXIN_PAY_PRIVATE_KEY' },
  qiniu: {
    accessKey: 'QINIU_ACCESS_KEY',
    secretKey: 'QINIU_SECRET_KEY',
    bucket: 'QINIU_BUCKET',
    domain: 'QINIU_DOMAIN'
  },
  yunpian: { apiKey: 'YUNPIAN_API_KEY' },
  geetest: { captchaId: 'GEETEST_CAPTCHA_ID', privateKey: 'GEETEST_PRIVATE_KEY' }
} as const

export type AccountName = keyof typeof ACCOUNTS
type Account<N extends AccountName> = { [Option in keyof (typeof ACCOUNTS)[N]]: string }
/** Options of clients. */
export type Accounts<Required extends AccountName, Optional extends AccountName = never> = {
  [N in Required]: Account<N>
} & {
  [N in Optional]?: Account<N>
}

/**
 * The accounts of the environment: all that are required, or `undefined` where none is set, for the simulator. What is half set
 * ends the start with the names that are missing.
 */
export function readAccounts<Required extends AccountName, Optional extends AccountName = never>(
  environment: NodeJS.ProcessEnv,
  required: readonly Required[],
  optional: readonly Optional[] = []
): Accounts<Required, Optional> | undefined {
  const found = required.map((name) => readAccount(environment, name))
  const extra = optional.map((name) => readAccount(environment, name))
  const isSet = found.some(({ values }) => Object.keys(values).length > 0)
  const begun = extra.filter(({ values }) => Object.keys(values).length > 0)
  const missing = [...(isSet || begun.length > 0 ? found : []), ...begun].flatMap((one) => one.missing)
  if (missing.length > 0) throw new Error(`The accounts are half configured; missing: ${missing.join(', ')}`)
  if (!isSet) return undefined
  return Object.fromEntries([...found, ...begun].map(({ name, values }) => [name, values])) as Accounts<
    Required,
    Optional
  >
}

/** Variables of accounts, for a message. */
export const variablesOf = (names: readonly AccountName[]): string[] =>
  names.flatMap((name) => Object.values(ACCOUNTS[name]))

/** Those of the simulator, or those that are configured. */
export function accountsOf<T>(
  credentials: SimulatorCredentials | undefined,
  accounts: T | undefined
): SimulatorCredentials | T {
  const used = credentials ?? accounts
  if (used === undefined) throw new Error('There are neither accounts nor a simulator')
  return used
}

function readAccount(environment: NodeJS.ProcessEnv, name: AccountName) {
  const values: Record<string, string> = {}
  const missing: string[] = []
  for (const [option, variable] of Object.entries(ACCOUNTS[name])) {
    const value = readVariable(environment, variable)
    if (value === undefined) missing.push(variable)
    else values[option] = value
  }
  return { name, values, missing }
}

function readVariable(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const path = environment[`${name}_FILE`]
  if (environment[name] || !path) return environment[name] || undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`${name}_FILE: the file cannot be read`, { cause })
  }
}
