import { MessageGateway } from 'weixin-kit/gateway'

// node:crypto: not the edge runtime. Every request is another: nothing to cache.
export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

const gateway = new MessageGateway({
  appId: process.env.WECHAT_APP_ID ?? '',
  token: process.env.WECHAT_TOKEN ?? '',
  encodingAESKey: process.env.WECHAT_AES_KEY ?? ''
})
gateway.on('event.subscribe', () => 'Welcome!')
gateway.on('text', (message) => `You said: ${message.Content}`)

const handler = gateway.handler()
export const GET = handler
export const POST = handler
