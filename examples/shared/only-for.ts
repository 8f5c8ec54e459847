import type { MessageGateway } from 'weixin-kit/gateway'

/**
 * Lets no handler see a message whose `ToUserName` is another account than `originalId` (原始ID, `gh_…`): what a console that
 * was set to the wrong server sends. Register it before all other handlers.
 */
export function onlyFor(gateway: MessageGateway, originalId: string | undefined): void {
  if (originalId === undefined) return
  gateway.on('*', ({ ToUserName }) => {
    if (ToUserName !== originalId) throw new Error(`A message for ${ToUserName} came; WEIXIN_ID is ${originalId}`)
  })
}
