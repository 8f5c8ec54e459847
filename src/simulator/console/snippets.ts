/** How a language takes the accounts: by the names of variables that the page lists. */
export interface Snippet {
  readonly name: string
  readonly code: (variables: Readonly<Record<string, string>>) => string
}

const quoted = (value: string): string => (/^[\w./:@+=,-]*$/.test(value) ? value : JSON.stringify(value))
const lineOf = (value: string): string => value.replaceAll('\n', '\\n')

export const SNIPPETS: readonly Snippet[] = [
  {
    name: '.env',
    code: (all) =>
      Object.entries(all)
        .map(([name, value]) => `${name}=${quoted(value)}`)
        .join('\n')
  },
  {
    name: 'Node.js',
    code: () => `import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'

const { env } = process
export const mp = new OfficialAccount({
  appId: env.WEIXIN_MP_APP_ID,
  appSecret: env.WEIXIN_MP_APP_SECRET,
  baseUrl: env.WEIXIN_BASE_URL
})
export const pay = new WeChatPay({
  appId: env.WEIXIN_MP_APP_ID,
  mchId: env.WEIXIN_PAY_MCH_ID,
  apiV3Key: env.WEIXIN_PAY_API_V3_KEY,
  privateKey: env.WEIXIN_PAY_PRIVATE_KEY,
  certSerial: env.WEIXIN_PAY_CERT_SERIAL,
  platformKeys: { [env.WEIXIN_PAY_PUBLIC_KEY_ID]: env.WEIXIN_PAY_PUBLIC_KEY },
  baseUrl: env.WEIXIN_PAY_BASE_URL
})`
  },
  {
    name: 'Python',
    code: (all) => `import requests

BASE_URL = ${JSON.stringify(all.WEIXIN_BASE_URL ?? '')}
APP_ID = ${JSON.stringify(all.WEIXIN_MP_APP_ID ?? '')}
APP_SECRET = ${JSON.stringify(all.WEIXIN_MP_APP_SECRET ?? '')}

token = requests.post(f"{BASE_URL}/cgi-bin/stable_token", json={
    "grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET,
}).json()["access_token"]`
  },
  {
    name: 'Go',
    code: (all) => `const (
\tbaseURL    = ${JSON.stringify(all.WEIXIN_BASE_URL ?? '')}
\tpayBaseURL = ${JSON.stringify(all.WEIXIN_PAY_BASE_URL ?? '')}
\tappID      = ${JSON.stringify(all.WEIXIN_MP_APP_ID ?? '')}
\tappSecret  = ${JSON.stringify(all.WEIXIN_MP_APP_SECRET ?? '')}
\tmchID      = ${JSON.stringify(all.WEIXIN_PAY_MCH_ID ?? '')}
\tapiV3Key   = ${JSON.stringify(all.WEIXIN_PAY_API_V3_KEY ?? '')}
\tcertSerial = ${JSON.stringify(all.WEIXIN_PAY_CERT_SERIAL ?? '')}
)`
  },
  {
    name: 'Java',
    code: (all) => `# application.properties
wechat.base-url=${all.WEIXIN_BASE_URL ?? ''}
wechat.app-id=${all.WEIXIN_MP_APP_ID ?? ''}
wechat.app-secret=${all.WEIXIN_MP_APP_SECRET ?? ''}
wechat.pay.base-url=${all.WEIXIN_PAY_BASE_URL ?? ''}
wechat.pay.mch-id=${all.WEIXIN_PAY_MCH_ID ?? ''}
wechat.pay.api-v3-key=${all.WEIXIN_PAY_API_V3_KEY ?? ''}
wechat.pay.cert-serial=${all.WEIXIN_PAY_CERT_SERIAL ?? ''}
wechat.pay.private-key=${lineOf(all.WEIXIN_PAY_PRIVATE_KEY ?? '')}`
  },
  {
    name: 'PHP',
    code: (all) => `<?php
return [
    'base_uri' => '${all.WEIXIN_BASE_URL ?? ''}',
    'app_id'   => '${all.WEIXIN_MP_APP_ID ?? ''}',
    'secret'   => '${all.WEIXIN_MP_APP_SECRET ?? ''}',
    'token'    => '${all.WEIXIN_GATEWAY_TOKEN ?? ''}',
    'aes_key'  => '${all.WEIXIN_GATEWAY_AES_KEY ?? ''}',
    'mch_id'   => '${all.WEIXIN_PAY_MCH_ID ?? ''}',
    'key'      => '${all.WEIXIN_PAY_API_KEY ?? ''}',
];`
  },
  {
    name: 'curl',
    code: (all) =>
      `curl '${all.WEIXIN_BASE_URL ?? ''}/cgi-bin/token?grant_type=client_credential&appid=${all.WEIXIN_MP_APP_ID ?? ''}&secret=${all.WEIXIN_MP_APP_SECRET ?? ''}'`
  }
]
