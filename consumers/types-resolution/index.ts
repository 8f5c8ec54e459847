import { isWeixinKitError } from 'weixin-kit'
import { toExpressHandler } from 'weixin-kit/express'
import { MessageGateway } from 'weixin-kit/gateway'
import { toLambdaHandler } from 'weixin-kit/lambda'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { redisStore } from 'weixin-kit/redis'
import { createSimulator } from 'weixin-kit/simulator'

const gateway = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
// @ts-expect-error there is no such event
gateway.on('event.nothing', () => 1)
export const used = [
  isWeixinKitError,
  toExpressHandler,
  toLambdaHandler,
  WeChatPay,
  WeChatPayV2,
  redisStore,
  createSimulator
]
