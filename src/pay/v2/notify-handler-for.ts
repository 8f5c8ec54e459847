import type { FetchHandler } from '../../core/fetch-handler.ts'
import { callback, checkOptions, required } from '../../core/options.ts'
import { type CallbacksFor, callbacksFor, createHandlerFor, type FindClient } from '../common/handler-for.ts'
import { checkNotifyHandlerOptions, type NotifyHandlerOptions, refuse } from './notification-handlers.ts'

/** Options of `notifyHandlerFor`: those of `notifyHandler`, whose callbacks get `{ client }` as their last argument. */
export type NotifyHandlerForOptions<Client> = CallbacksFor<NotifyHandlerOptions, Client>

/** A client whose notifications can be received. */
interface Receiver {
  notifyHandler(options: NotifyHandlerOptions): FetchHandler
}

/**
 * Makes one handler for the notifications of many merchants. Each request goes to the client that `find` returns, which
 * verifies it only with the key of that merchant; a request without a client is refused without giving a reason.
 *
 * @param find the client of a request, e.g. by the merchant id in its path
 * @param options callbacks; each gets `{ client }`, the result of `find`, as its last argument
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * const handler = notifyHandlerFor(
 *   ({ url }) => clients.get(new URL(url, 'https://shop.example.com').pathname.split('/').at(-1) ?? ''),
 *   { onPaid: (payment, { client }) => markPaid(client.mchId, payment.out_trade_no), onRefund: (refund) => markRefunded(refund) }
 * )
 */
export function notifyHandlerFor<Client extends Receiver>(
  find: FindClient<Client>,
  options: NotifyHandlerForOptions<Client>
): FetchHandler {
  checkOptions({ find }, { find: required(callback) }, { owner: 'notifyHandlerFor', product: 'pay' })
  checkNotifyHandlerOptions(options)
  return createHandlerFor<Client>({
    operation: 'notifyHandlerFor',
    clientClass: 'WeChatPayV2',
    find,
    make: (client) => client.notifyHandler(callbacksFor<NotifyHandlerOptions>(options, client)),
    refuse: (refusal) => refuse(refusal, refusal === 'failed' ? 'FAIL' : 'UNVERIFIED'),
    onError: options.onError
  })
}
