import type { ALBHandler, APIGatewayProxyHandler, APIGatewayProxyHandlerV2, LambdaFunctionURLHandler } from 'aws-lambda'
import { route } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { toLambdaHandler } from 'weixin-kit/lambda'
import { WeChatPay } from 'weixin-kit/pay'

const variable = (name: string) => process.env[name] ?? ''
const gateway = new MessageGateway({
  appId: variable('WEIXIN_MP_APP_ID'),
  token: variable('WEIXIN_GATEWAY_TOKEN'),
  encodingAESKey: variable('WEIXIN_GATEWAY_AES_KEY')
})
gateway.on('text', (message) => `You said: ${message.Content}`)
gateway.on('event.scancode_push', (event) => `Scanned: ${event.ScanCodeInfo.ScanResult}`)
const pay = new WeChatPay({
  appId: variable('WEIXIN_MP_APP_ID'),
  mchId: variable('WEIXIN_PAY_MCH_ID'),
  apiV3Key: variable('WEIXIN_PAY_API_V3_KEY'),
  privateKey: variable('WEIXIN_PAY_PRIVATE_KEY'),
  certSerial: variable('WEIXIN_PAY_CERT_SERIAL'),
  platformKeys: { [variable('WEIXIN_PAY_PUBLIC_KEY_ID')]: variable('WEIXIN_PAY_PUBLIC_KEY') }
})

export const paid: string[] = []
const handler = toLambdaHandler(
  route({
    '/wechat': gateway.handler(),
    '/pay/notify': pay.notifyHandler({ onPaid: ({ out_trade_no }) => paid.push(out_trade_no) })
  })
)

// One function for every trigger, under the types of AWS.
export const restApi: APIGatewayProxyHandler = handler
export const httpApi: APIGatewayProxyHandlerV2 = handler
export const loadBalancer: ALBHandler = handler
export const functionUrl: LambdaFunctionURLHandler = handler
