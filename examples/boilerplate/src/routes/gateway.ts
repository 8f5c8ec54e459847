import type { FetchHandler } from 'weixin-kit'
import { reply } from 'weixin-kit/gateway'
import type { Context } from '../app.ts'

/** The message gateway: follows and unfollows are stored, texts are answered. */
export function gatewayHandler({ gateway, users, mp }: Context): FetchHandler {
  gateway.on('event', async (event) => {
    await users.recordEvent({
      appId: mp.appId,
      openid: event.FromUserName,
      kind: event.Event.toLowerCase(),
      eventKey: 'EventKey' in event && typeof event.EventKey === 'string' ? event.EventKey : '',
      sentAt: new Date(Number(event.CreateTime) * 1000)
    })
  })
  gateway.on('event.subscribe', () => reply.text('欢迎关注！回复任意文字试试。'))
  gateway.onKeyword(/^(?:帮助|help)$/i, () => reply.text('发送任意文字，我会原样回复。'))
  gateway.on('text', (message) => reply.text(`你说：${message.Content}`))
  return gateway.handler()
}
