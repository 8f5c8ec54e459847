import type { Simulator } from 'weixin-kit/simulator'

/** Tokens that the simulated WeChat gave out, by their names on the wire. */
const GIVEN_OUT = /"(access_token|refresh_token|ticket|session_key)":"([^"]+)"/g

/** Names of the secrets that occur in a text: those of all accounts, and the tokens that were given out since. */
export function secretsIn(text: string, simulator: Simulator, more: Readonly<Record<string, string>> = {}): string[] {
  const { officialAccount, miniProgram, website, app, gateway, miniProgramGateway, payV2, payV3, qiniu, yunpian } =
    simulator.credentials
  const secrets: Record<string, string> = {
    'officialAccount.appSecret': officialAccount.appSecret,
    'miniProgram.appSecret': miniProgram.appSecret,
    'website.appSecret': website.appSecret,
    'app.appSecret': app.appSecret,
    'gateway.token': gateway.token,
    'gateway.encodingAESKey': gateway.encodingAESKey,
    'miniProgramGateway.token': miniProgramGateway.token,
    'miniProgramGateway.encodingAESKey': miniProgramGateway.encodingAESKey,
    'payV2.apiKey': payV2.apiKey,
    'payV3.apiV3Key': payV3.apiV3Key,
    'payV3.privateKey': payV3.privateKey.split('\n')[1] ?? '',
    'qiniu.secretKey': qiniu.secretKey,
    'yunpian.apiKey': yunpian.apiKey,
    'geetest.privateKey': simulator.credentials.geetest.privateKey,
    ...more
  }
  for (const { responseBody } of simulator.log)
    for (const [, name, value] of responseBody.matchAll(GIVEN_OUT)) secrets[`${name} ${value}`] = value ?? ''
  for (const [name, value] of Object.entries(secrets))
    if (value.length < 6) throw new Error(`The secret ${name} is too short to be looked for`)
  return Object.keys(secrets).filter((name) => text.includes(secrets[name] ?? ''))
}
