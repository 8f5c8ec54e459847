import { MessageGateway } from 'weixin-kit/gateway'

// node:crypto: not the edge runtime. Every request is another: nothing to cache.
export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

const gateway = new MessageGateway({
  appId: process.env.WEIXIN_MP_APP_ID ?? '',
  token: process.env.WEIXIN_GATEWAY_TOKEN ?? '',
  encodingAESKey: process.env.WEIXIN_GATEWAY_AES_KEY ?? ''
})
gateway.on('event.subscribe', () => 'Welcome!')
gateway.on('text', (message) => `You said: ${message.Content}`)

const handler = gateway.handler()
export const GET = handler
export const POST = handler
