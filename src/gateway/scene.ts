import type { GatewayMessage } from './messages/index.ts'

const PREFIX = 'qrscene_'

/**
 * Returns the scene of the QR code that a user scanned: from `subscribe` (whose `EventKey` has a prefix) or `SCAN`
 * (which has none).
 *
 * @returns The scene; `undefined` if the user did not scan a code with a scene.
 * @example
 * import { MessageGateway, sceneOf } from 'weixin-kit/gateway'
 *
 * const gateway = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
 * gateway.on('event.subscribe', (message, context) => `Welcome from ${sceneOf(context.message) ?? 'nowhere'}`)
 */
export function sceneOf(message: Pick<GatewayMessage, 'MsgType' | 'Event' | 'EventKey'>): string | undefined {
  const event = message?.MsgType === 'event' ? message.Event?.toLowerCase() : undefined
  const key = message?.EventKey
  if (typeof key !== 'string' || key === '') return undefined
  if (event === 'scan') return key
  return event === 'subscribe' && key.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined
}
