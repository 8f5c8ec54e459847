import { type FetchHandler, route } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'

interface Env {
  WEIXIN_MP_APP_ID: string
  WEIXIN_GATEWAY_TOKEN: string
  WEIXIN_GATEWAY_AES_KEY: string
}

let handler: FetchHandler | undefined

function makeHandler(env: Env): FetchHandler {
  const gateway = new MessageGateway({
    appId: env.WEIXIN_MP_APP_ID,
    token: env.WEIXIN_GATEWAY_TOKEN,
    encodingAESKey: env.WEIXIN_GATEWAY_AES_KEY
  })
  gateway.on('event.subscribe', () => 'Welcome!')
  gateway.on('text', (message) => `You said: ${message.Content}`)
  return route({
    '/wechat': gateway.handler(),
    'POST /orders': async (request) => Response.json({ received: await request.json() })
  })
}

export default {
  // Bindings are there with the first request.
  fetch(request: Request, env: Env): Promise<Response> {
    handler ??= makeHandler(env)
    return handler(request)
  }
}
