/** How `npx weixin-kit simulator` calls what the document calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  WEIXIN_APP_ID: 'WEIXIN_MP_APP_ID',
  WEIXIN_APP_SECRET: 'WEIXIN_MP_APP_SECRET',
  WEIXIN_TOKEN: 'WEIXIN_GATEWAY_TOKEN',
  WEIXIN_AES_KEY: 'WEIXIN_GATEWAY_AES_KEY',
  WEIXIN_MCH_ID: 'WEIXIN_PAY_MCH_ID',
  WEIXIN_PAY_KEY: 'WEIXIN_PAY_API_KEY',
  WEIXIN_CERT_PEM: 'WEIXIN_PAY_CERT',
  WEIXIN_KEY_PEM: 'WEIXIN_PAY_PRIVATE_KEY'
}
const HOST = '/api.weixin.qq.com'

/**
 * Takes what `npx weixin-kit simulator` prints for the accounts and for SIMULATOR_URL, so that its output is a `.env` of this
 * app. An app that is named as the document has it has all its accounts by those names.
 */
export function withSimulatorVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const base = given.WEIXIN_BASE_URL
  if (given.WEIXIN_APP_ID || !base?.endsWith(HOST)) return given
  const translated = Object.entries(NAMES).map(([name, printed]) => [name, given[printed]])
  return { SIMULATOR_URL: base.slice(0, -HOST.length), ...Object.fromEntries(translated), ...given }
}
