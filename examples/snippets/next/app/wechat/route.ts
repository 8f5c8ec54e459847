import type { FetchHandler } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'

// Every request is another: nothing to cache.
export const dynamic = 'force-dynamic'

// Made at the first request: `next build` imports this file, and the secrets are not there yet.
let handler: FetchHandler | undefined

function wechat(): FetchHandler {
  if (handler) return handler
  const gateway = new MessageGateway({
    appId: process.env.WEIXIN_MP_APP_ID ?? '',
    token: process.env.WEIXIN_GATEWAY_TOKEN ?? '',
    encodingAESKey: process.env.WEIXIN_GATEWAY_AES_KEY ?? ''
  })
  gateway.on('event.subscribe', () => 'Welcome!')
  gateway.on('text', (message) => `You said: ${message.Content}`)
  handler = gateway.handler()
  return handler
}

export const GET: FetchHandler = (request) => wechat()(request)
export const POST: FetchHandler = (request) => wechat()(request)
