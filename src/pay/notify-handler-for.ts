import type { FetchHandler } from '../core/fetch-handler.ts'
import { callback, checkOptions, optional, required } from '../core/options.ts'
import { type CallbacksFor, callbacksFor, createHandlerFor, type FindClient } from './common/handler-for.ts'
import {
  checkHandlerOptions,
  type NotifyHandler,
  type NotifyHandlerOptions,
  refuseNotification
} from './notify-handler.ts'
import type { RefundReader } from './xml-refund.ts'

/** Options of `notifyHandlerFor`: those of `notifyHandler`, whose callbacks get `{ client }` as their last argument. */
export type NotifyHandlerForOptions<Client> = CallbacksFor<Omit<NotifyHandlerOptions, 'v2'>, Client> & {
  /**
   * Returns the `WeChatPayV2` of the same merchant, which reads refunds made in the merchant platform; called once per
   * client.
   */
  readonly v2?: ((client: Client) => RefundReader | undefined) | undefined
}

/** A client whose notifications can be received. */
interface Receiver {
  notifyHandler(options?: NotifyHandlerOptions): NotifyHandler
}

/**
 * Makes one handler for the notifications of many merchants. Each request goes to the client that `find` returns, which
 * verifies it only with the keys of that merchant; a request without a client is refused without giving a reason.
 *
 * @param find the client of a request, e.g. by the merchant id in its path
 * @param options callbacks; each gets `{ client }`, the result of `find`, as its last argument
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * const handler = notifyHandlerFor(
 *   ({ url }) => clients.get(new URL(url, 'https://shop.example.com').pathname.split('/').at(-1) ?? ''),
 *   { onPaid: (transaction, _, { client }) => markPaid(client.mchId, transaction.out_trade_no) }
 * )
 */
export function notifyHandlerFor<Client extends Receiver>(
  find: FindClient<Client>,
  options: NotifyHandlerForOptions<Client>
): FetchHandler {
  const { v2, ...callbacks } = options ?? {}
  checkOptions(
    { find, v2 },
    { find: required(callback), v2: optional(callback) },
    { owner: 'notifyHandlerFor', product: 'pay' }
  )
  checkHandlerOptions(callbacks)
  return createHandlerFor<Client>({
    operation: 'notifyHandlerFor',
    clientClass: 'WeChatPay',
    find,
    make: (client) =>
      client.notifyHandler({ ...callbacksFor<NotifyHandlerOptions>(callbacks, client), v2: v2?.(client) ?? undefined }),
    refuse: (refusal) => refuseNotification(refusal, refusal === 'failed' ? 'FAIL' : 'UNVERIFIED'),
    onError: options.onError
  })
}
