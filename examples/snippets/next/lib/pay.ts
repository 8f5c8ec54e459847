import { WeChatPay } from 'weixin-kit/pay'

let client: WeChatPay | undefined

/** Made at the first request: `next build` imports the routes, and the secrets are not there yet. */
export function pay(): WeChatPay {
  client ??= new WeChatPay({
    appId: process.env.WEIXIN_MP_APP_ID ?? '',
    mchId: process.env.WEIXIN_PAY_MCH_ID ?? '',
    apiV3Key: process.env.WEIXIN_PAY_API_V3_KEY ?? '',
    privateKey: process.env.WEIXIN_PAY_PRIVATE_KEY ?? '',
    certSerial: process.env.WEIXIN_PAY_CERT_SERIAL ?? '',
    platformKeys: { [process.env.WEIXIN_PAY_PUBLIC_KEY_ID ?? '']: process.env.WEIXIN_PAY_PUBLIC_KEY ?? '' },
    notifyUrl: 'https://shop.example.com/pay/notify',
    ...(process.env.WEIXIN_PAY_BASE_URL ? { baseUrl: process.env.WEIXIN_PAY_BASE_URL } : {})
  })
  return client
}
