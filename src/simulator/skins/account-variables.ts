import type { SimulatorCredentials } from '../credentials.ts'
import type { SimulatorServer } from './server.ts'

export type VariableGroups = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The accounts and base URLs of a running simulator, as variables that the guides use. */
export function accountVariables(
  credentials: SimulatorCredentials,
  server: Pick<SimulatorServer, 'url' | 'baseUrl'>
): VariableGroups {
  const { officialAccount, miniProgram, website, app, gateway, payV2, payV3, qiniu, yunpian, geetest } = credentials
  const [publicKeyId = '', publicKey = ''] = Object.entries(payV3.platformKeys)[0] ?? []
  return {
    '公众号 Official Account': {
      WEIXIN_BASE_URL: server.baseUrl('api.weixin.qq.com'),
      WEIXIN_OPEN_BASE_URL: server.baseUrl('open.weixin.qq.com'),
      WEIXIN_MP_APP_ID: officialAccount.appId,
      WEIXIN_MP_APP_SECRET: officialAccount.appSecret,
      WEIXIN_GATEWAY_TOKEN: gateway.token,
      WEIXIN_GATEWAY_AES_KEY: gateway.encodingAESKey
    },
    '小程序 Mini Program': {
      WEIXIN_MINIAPP_APP_ID: miniProgram.appId,
      WEIXIN_MINIAPP_APP_SECRET: miniProgram.appSecret
    },
    '网站应用 Website application (QR login)': {
      WEIXIN_WEBSITE_APP_ID: website.appId,
      WEIXIN_WEBSITE_APP_SECRET: website.appSecret
    },
    '移动应用 Mobile application': {
      WEIXIN_MOBILE_APP_ID: app.appId,
      WEIXIN_MOBILE_APP_SECRET: app.appSecret
    },
    '微信支付 WeChat Pay': {
      WEIXIN_PAY_BASE_URL: server.baseUrl('api.mch.weixin.qq.com'),
      WEIXIN_PAY_MCH_ID: payV3.mchId,
      WEIXIN_PAY_API_KEY: payV2.apiKey,
      WEIXIN_PAY_API_V3_KEY: payV3.apiV3Key,
      WEIXIN_PAY_CERT_SERIAL: payV3.certSerial,
      WEIXIN_PAY_PRIVATE_KEY: payV3.privateKey,
      WEIXIN_PAY_CERT: credentials.merchantFiles().cert,
      WEIXIN_PAY_P12_BASE64: payV2.clientCert.pfx.toString('base64'),
      WEIXIN_PAY_PUBLIC_KEY_ID: publicKeyId,
      WEIXIN_PAY_PUBLIC_KEY: publicKey
    },
    '七牛 Qiniu': {
      QINIU_BASE_URL: server.baseUrl('uc.qiniuapi.com'),
      QINIU_ACCESS_KEY: qiniu.accessKey,
      QINIU_SECRET_KEY: qiniu.secretKey,
      QINIU_BUCKET: qiniu.bucket,
      // Browsers resolve this to their own machine, so that pictures of the bucket show in pages.
      QINIU_DOMAIN: server.url.replace(/\/\/[^:/]+/, `//${qiniu.bucket}.localhost`)
    },
    '云片 Yunpian': { YUNPIAN_BASE_URL: server.baseUrl('sms.yunpian.com'), YUNPIAN_API_KEY: yunpian.apiKey },
    '极验 Geetest': {
      GEETEST_BASE_URL: server.baseUrl('api.geetest.com'),
      GEETEST_CAPTCHA_ID: geetest.captchaId,
      GEETEST_PRIVATE_KEY: geetest.privateKey
    }
  }
}
