import { readFileSync } from 'node:fs'
import { ConfigError, isWeixinKitError } from '../errors/index.ts'
import { MessageGateway } from '../gateway/index.ts'
import { Geetest } from '../geetest/index.ts'
import { MiniProgram } from '../miniapp/index.ts'
import { OfficialAccount } from '../mp/index.ts'
import { type CertificateInfo, WeChatPay } from '../pay/index.ts'
import { WeChatPayV2 } from '../pay/v2/index.ts'
import { Qiniu } from '../qiniu/index.ts'
import { Yunpian } from '../yunpian/index.ts'
import type { Environment, Finding } from './doctor-finding.ts'

const WARN_BEFORE_MS = 30 * 24 * 3_600_000

/** An account as the environment describes it; the names are those that `weixin-kit simulator` prints. */
interface AccountKind {
  readonly area: string
  /** Option of the client → variable. With `?` it is optional. */
  readonly variables: Readonly<Record<string, string>>
  /** Variables that together show that the account is configured; default: all of `variables`. */
  readonly marks?: readonly string[]
  make(values: Readonly<Record<string, string>>, baseUrl: string | undefined): unknown
  readonly baseUrl?: string
}

const once = { maxRetries: 0 }
const base = (url: string | undefined) => (url === undefined ? {} : { baseUrl: url })

export const ACCOUNT_KINDS = {
  officialAccount: {
    area: 'Official Account',
    variables: { appId: 'WEIXIN_MP_APP_ID', appSecret: 'WEIXIN_MP_APP_SECRET' },
    baseUrl: 'WEIXIN_BASE_URL',
    make: ({ appId = '', appSecret = '' }, url) => new OfficialAccount({ appId, appSecret, ...once, ...base(url) })
  },
  gateway: {
    area: 'Message gateway',
    variables: {
      appId: 'WEIXIN_MP_APP_ID',
      token: 'WEIXIN_GATEWAY_TOKEN',
      'encodingAESKey?': 'WEIXIN_GATEWAY_AES_KEY',
      'originalId?': 'WEIXIN_MP_ORIGINAL_ID'
    },
    marks: ['WEIXIN_GATEWAY_TOKEN', 'WEIXIN_GATEWAY_AES_KEY'],
    make: ({ appId = '', token = '', encodingAESKey, originalId }) =>
      new MessageGateway({ appId, token, encodingAESKey, originalId })
  },
  miniProgram: {
    area: 'Mini Program',
    variables: { appId: 'WEIXIN_MINIAPP_APP_ID', appSecret: 'WEIXIN_MINIAPP_APP_SECRET' },
    baseUrl: 'WEIXIN_BASE_URL',
    make: ({ appId = '', appSecret = '' }, url) => new MiniProgram({ appId, appSecret, ...once, ...base(url) })
  },
  mobileApp: {
    area: 'Mobile application',
    variables: { appId: 'WEIXIN_MOBILE_APP_ID', appSecret: 'WEIXIN_MOBILE_APP_SECRET' },
    baseUrl: 'WEIXIN_BASE_URL',
    make: ({ appId = '', appSecret = '' }, url) => new OfficialAccount({ appId, appSecret, ...once, ...base(url) })
  },
  payV2: {
    area: 'WeChat Pay v2',
    variables: {
      'appId?': 'WEIXIN_MP_APP_ID',
      mchId: 'WEIXIN_PAY_MCH_ID',
      apiKey: 'WEIXIN_PAY_API_KEY',
      'clientCert.pfx?': 'WEIXIN_PAY_P12_BASE64'
    },
    marks: ['WEIXIN_PAY_API_KEY', 'WEIXIN_PAY_P12_BASE64'],
    baseUrl: 'WEIXIN_PAY_BASE_URL',
    make: ({ appId = 'wx0000000000000000', mchId = '', apiKey = '', 'clientCert.pfx': pfx }, url) =>
      new WeChatPayV2({
        appId,
        mchId,
        apiKey,
        ...(pfx === undefined ? {} : { clientCert: { pfx: Buffer.from(pfx, 'base64') } }),
        ...once,
        ...base(url)
      })
  },
  payV3: {
    area: 'WeChat Pay v3',
    variables: {
      'appId?': 'WEIXIN_MP_APP_ID',
      mchId: 'WEIXIN_PAY_MCH_ID',
      apiV3Key: 'WEIXIN_PAY_API_V3_KEY',
      privateKey: 'WEIXIN_PAY_PRIVATE_KEY',
      'certSerial?': 'WEIXIN_PAY_CERT_SERIAL',
      'certificate?': 'WEIXIN_PAY_CERT',
      'publicKeyId?': 'WEIXIN_PAY_PUBLIC_KEY_ID',
      'platformKeys?': 'WEIXIN_PAY_PUBLIC_KEY'
    },
    marks: ['WEIXIN_PAY_API_V3_KEY', 'WEIXIN_PAY_PRIVATE_KEY', 'WEIXIN_PAY_PUBLIC_KEY'],
    baseUrl: 'WEIXIN_PAY_BASE_URL',
    make: (values, url) => makePayV3(values, url)
  },
  qiniu: {
    area: 'Qiniu',
    variables: {
      accessKey: 'QINIU_ACCESS_KEY',
      secretKey: 'QINIU_SECRET_KEY',
      bucket: 'QINIU_BUCKET',
      'domain?': 'QINIU_DOMAIN'
    },
    make: ({ accessKey = '', secretKey = '', bucket = '', domain }) =>
      new Qiniu({ accessKey, secretKey, bucket, ...(domain === undefined ? {} : { domain }) })
  },
  yunpian: {
    area: 'Yunpian',
    variables: { apiKey: 'YUNPIAN_API_KEY' },
    make: ({ apiKey = '' }) => new Yunpian({ apiKey })
  },
  geetest: {
    area: 'Geetest',
    variables: { captchaId: 'GEETEST_CAPTCHA_ID', privateKey: 'GEETEST_PRIVATE_KEY' },
    make: ({ captchaId = '', privateKey = '' }) => new Geetest({ captchaId, privateKey })
  }
} as const satisfies Readonly<Record<string, AccountKind>>

export type AccountName = keyof typeof ACCOUNT_KINDS

/** Result for one account: its client, if it could be created. */
export interface Examined {
  readonly findings: Finding[]
  readonly client: unknown
}

/** Creates the client of one account, offline, and reports what is wrong with its variables. */
export function examineAccount(name: AccountName, environment: Environment, nowMs: number): Examined {
  const kind: AccountKind = ACCOUNT_KINDS[name]
  const { area } = kind
  const findings: Finding[] = []
  const add = (level: Finding['level'], text: string) => void findings.push({ level, area, text })
  const values: Record<string, string> = {}
  const missing: string[] = []
  let isConfigured = false
  for (const [key, variable] of Object.entries(kind.variables)) {
    const value = readVariable(environment, variable, add)
    if (value !== undefined) values[key.replace('?', '')] = value
    else if (!key.endsWith('?')) missing.push(variable)
    const counts = kind.marks ? kind.marks.includes(variable) : true
    if (value !== undefined && counts) isConfigured = true
  }
  if (!isConfigured) {
    add('info', `not configured (${(kind.marks ?? Object.values(kind.variables)).join(', ')}).`)
    return { findings, client: undefined }
  }
  if (missing.length > 0) {
    add('error', `${missing.join(', ')} missing; the other variables of this account are set.`)
    return { findings, client: undefined }
  }
  try {
    const client = kind.make(values, kind.baseUrl === undefined ? undefined : environment[kind.baseUrl] || undefined)
    add('ok', 'keys and ids have the right format and match each other.')
    findings.push(...certificateFindings(area, client, nowMs))
    return { findings, client }
  } catch (error) {
    if (!isWeixinKitError(error)) throw error
    const option = error instanceof ConfigError ? error.option : undefined
    const variable = option === undefined ? undefined : variableOf(kind, option)
    add('error', `${variable === undefined ? '' : `${variable}: `}${error.message}`)
    return { findings, client: undefined }
  }
}

/** Returns a variable, or the content of the file that `<name>_FILE` names. */
function readVariable(
  environment: Environment,
  name: string,
  add: (level: Finding['level'], text: string) => void
): string | undefined {
  const value = environment[name]
  if (value !== undefined && value !== '') return value
  const file = environment[`${name}_FILE`]
  if (!file) return undefined
  try {
    return readFileSync(file, name.endsWith('_BASE64') ? 'base64' : 'utf8')
  } catch {
    add('error', `${name}_FILE: the file cannot be read.`)
    return undefined
  }
}

function variableOf(kind: AccountKind, option: string): string | undefined {
  const entries = Object.entries(kind.variables).map(([key, variable]) => [key.replace('?', ''), variable] as const)
  return (entries.find(([key]) => key === option) ??
    entries.find(([key]) => option.startsWith(key) || key.startsWith(option)))?.[1]
}

function certificateFindings(area: string, client: unknown, nowMs: number): Finding[] {
  const { certificate } = (client ?? {}) as { certificate?: CertificateInfo }
  if (!certificate) return []
  const left = certificate.notAfter.getTime() - nowMs
  const day = certificate.notAfter.toISOString().slice(0, 10)
  const text = `merchant certificate ${certificate.serial} of ${certificate.commonName} is valid until ${day}`
  if (left > WARN_BEFORE_MS) return [{ level: 'ok', area, text: `${text}.` }]
  return [{ level: 'warning', area, text: `${text}: apply for a new one now (账户中心 → API 安全).` }]
}

function makePayV3(values: Readonly<Record<string, string>>, url: string | undefined): WeChatPay {
  const { appId, mchId = '', apiV3Key = '', privateKey = '', certSerial, certificate, publicKeyId } = values
  const publicKey = values.platformKeys
  if ((publicKeyId === undefined) !== (publicKey === undefined)) {
    throw new ConfigError('the public key and its id (PUB_KEY_ID_…) go together: one of them is missing.', {
      option: 'platformKeys',
      product: 'pay'
    })
  }
  return new WeChatPay({
    mchId,
    apiV3Key,
    privateKey,
    ...(appId === undefined ? {} : { appId }),
    ...(certSerial === undefined ? {} : { certSerial }),
    ...(certificate === undefined ? {} : { certificate }),
    platformKeys: publicKeyId !== undefined && publicKey !== undefined ? { [publicKeyId]: publicKey } : 'certificates',
    ...once,
    ...base(url)
  })
}
