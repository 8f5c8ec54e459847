import { accessSync, constants } from 'node:fs'
import type { Environment, Finding } from './doctor-finding.ts'

const LEAST_NODE = [20, 18, 1] as const

/** Checks that apply to every account: Node.js, TLS, base URLs, mixed-up keys. */
export function examineEnvironment(environment: Environment, nodeVersion: string): Finding[] {
  return [...node(nodeVersion), ...tls(environment), ...baseUrls(environment), ...mixedUp(environment)]
}

function node(version: string): Finding[] {
  const parts = version.replace(/^v/, '').split('.').map(Number)
  const order = LEAST_NODE.map((least, index) => Math.sign((parts[index] ?? 0) - least)).find((sign) => sign !== 0) ?? 0
  const area = 'Node.js'
  if (order >= 0) return [{ level: 'ok', area, text: `${version}.` }]
  return [{ level: 'error', area, text: `${version} is too old; ${LEAST_NODE.join('.')} or newer is needed.` }]
}

function tls(environment: Environment): Finding[] {
  const findings: Finding[] = []
  const area = 'TLS'
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    const text =
      'NODE_TLS_REJECT_UNAUTHORIZED=0 switches off all certificate checks: anyone in between can pose as WeChat. Remove it.'
    findings.push({ level: 'error', area, text })
  }
  const extra = environment.NODE_EXTRA_CA_CERTS
  if (extra) {
    try {
      accessSync(extra, constants.R_OK)
      findings.push({ level: 'info', area, text: 'NODE_EXTRA_CA_CERTS adds certificate authorities.' })
    } catch {
      findings.push({ level: 'error', area, text: 'NODE_EXTRA_CA_CERTS names a file that cannot be read.' })
    }
  }
  for (const name of ['HTTPS_PROXY', 'https_proxy']) {
    if (!environment[name] || environment.NODE_USE_ENV_PROXY === '1') continue
    const text = `${name} is set, but Node.js does not use it automatically: set the option proxy of the clients.`
    findings.push({ level: 'warning', area, text })
  }
  return findings
}

function baseUrls(environment: Environment): Finding[] {
  return Object.entries(environment).flatMap(([name, value]): Finding[] => {
    if (!value || !/^(WEIXIN|QINIU|YUNPIAN|GEETEST)(_[A-Z]+)*_BASE_URL$/.test(name)) return []
    const area = 'Base URL'
    if (!URL.canParse(value)) return [{ level: 'error', area, text: `${name} is not an absolute URL.` }]
    // Only the host: a URL may contain a password.
    return [
      { level: 'warning', area, text: `${name} sends requests to ${new URL(value).host}, not to the real service.` }
    ]
  })
}

function mixedUp(environment: Environment): Finding[] {
  const findings: Finding[] = []
  const warn = (area: string, text: string) => void findings.push({ level: 'warning', area, text })
  const { WEIXIN_PAY_API_KEY: v2, WEIXIN_PAY_API_V3_KEY: v3 } = environment
  if (v2 && v2 === v3) {
    warn(
      'WeChat Pay',
      'WEIXIN_PAY_API_KEY and WEIXIN_PAY_API_V3_KEY are the same. They are two separate keys in the console: if notifications cannot be decrypted, this is why.'
    )
  }
  const { WEIXIN_MP_APP_ID: mp, WEIXIN_MINIAPP_APP_ID: mini } = environment
  if (mp && mp === mini)
    warn('Accounts', 'WEIXIN_MP_APP_ID and WEIXIN_MINIAPP_APP_ID are the same: one of them is wrong.')
  const secrets = ['WEIXIN_MP_APP_SECRET', 'WEIXIN_MINIAPP_APP_SECRET', 'WEIXIN_PAY_API_KEY', 'WEIXIN_PAY_API_V3_KEY']
  for (const [index, name] of secrets.entries()) {
    const twin = secrets
      .slice(index + 1)
      .find((other) => environment[other] && environment[other] === environment[name])
    if (twin && !(name === 'WEIXIN_PAY_API_KEY' && twin === 'WEIXIN_PAY_API_V3_KEY')) {
      warn('Accounts', `${name} and ${twin} are the same: one of them is wrong.`)
    }
  }
  return findings
}
