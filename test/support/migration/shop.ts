import type { SimulatedUser, Simulator } from 'weixin-kit/simulator'

export type Handler = (request: Request) => Promise<Response>

/** The exports of the code of a page: in this process (after) or in a program of its own with the real package (before). */
export interface Shop {
  readonly exports: readonly string[]
  call(name: string, ...args: unknown[]): Promise<unknown>
  /** What receives the requests that an export handles; the URL of a started application for `nestApp`. */
  target(name: string): Promise<string | Handler>
}

export interface World {
  readonly simulator: Simulator
  readonly user: SimulatedUser
  /** Numbers orders, so that several blocks can use one simulator. */
  readonly prefix: string
  /** Moves the clock of the simulator, and that of the code under test where it is in this process. */
  advance(ms: number): Promise<void>
}

/** Calls one export as the page means it, and looks in the simulator at what came of it. */
export type Step = (shop: Shop, world: World) => Promise<void>

/** The variables that the code of the pages reads; the names are those of `weixin-kit simulator`. */
export function accountVariables({ credentials }: Simulator): Record<string, string> {
  const { officialAccount, miniProgram, website, gateway, payV2, payV3 } = credentials
  const [publicKeyId = '', publicKey = ''] = Object.entries(payV3.platformKeys)[0] ?? []
  return {
    WEIXIN_MP_APP_ID: officialAccount.appId,
    WEIXIN_MP_APP_SECRET: officialAccount.appSecret,
    WEIXIN_GATEWAY_TOKEN: gateway.token,
    WEIXIN_GATEWAY_AES_KEY: gateway.encodingAESKey,
    WEIXIN_MINIAPP_APP_ID: miniProgram.appId,
    WEIXIN_MINIAPP_APP_SECRET: miniProgram.appSecret,
    WEIXIN_WEBSITE_APP_ID: website.appId,
    WEIXIN_WEBSITE_APP_SECRET: website.appSecret,
    WEIXIN_PAY_MCH_ID: payV3.mchId,
    WEIXIN_PAY_API_KEY: payV2.apiKey,
    WEIXIN_PAY_API_V3_KEY: payV3.apiV3Key,
    WEIXIN_PAY_CERT_SERIAL: payV3.certSerial,
    WEIXIN_PAY_PRIVATE_KEY: payV3.privateKey,
    WEIXIN_PAY_CERT: credentials.merchantFiles().cert,
    WEIXIN_PAY_P12_BASE64: payV2.clientCert.pfx.toString('base64'),
    WEIXIN_PAY_PUBLIC_KEY_ID: publicKeyId,
    WEIXIN_PAY_PUBLIC_KEY: publicKey
  }
}
