import { SetMetadata } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { MessageHandler, MessageOf, ReplyLike, Topic } from '../gateway/index.ts'
import type { NotifyHandlerOptions } from '../pay/index.ts'
import type { NotifyHandlerOptions as NotifyHandlerOptionsV2, RefundNotifyHandlerOptions } from '../pay/v2/index.ts'
import { DEFAULT_ACCOUNT } from './tokens.ts'

/** Options of the decorators of handlers. */
export interface WeixinHandlerOptions {
  /** Name of the account, as in `forRoot({ name })`. */
  account?: string | undefined
}

/** Kind of handler that a decorated method is. */
export type HandlerKind = 'message' | 'pay' | 'payV2'

/** One use of a decorator. */
export interface HandlerMark {
  kind: HandlerKind
  topic: string
  account: string
}

const MARKS = 'weixin-kit:handlers'
const reflector = new Reflector()

/** A method with the signature of a callback. */
type MethodDecoratorFor<Callback> = <Method extends Callback>(
  prototype: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>
) => void

/**
 * Marks a method of a provider or controller as a message handler: its result is the reply, as with `gateway.on`.
 *
 * @param topic E.g. `text`, `event.subscribe`.
 * @param options The account, if there are several.
 * @example
 * import { Injectable } from '@nestjs/common'
 * import { WeChatMessage } from 'weixin-kit/nest'
 *
 * @Injectable()
 * export class Greeter {
 *   @WeChatMessage('event.subscribe')
 *   greet() {
 *     return 'Welcome!'
 *   }
 * }
 */
export function WeChatMessage<T extends Topic>(
  topic: T,
  options: WeixinHandlerOptions = {}
): MethodDecoratorFor<(...given: Parameters<MessageHandler<MessageOf<T>>>) => ReplyLike | Promise<ReplyLike>> {
  return mark('message', topic, options)
}

/** The callbacks of `pay.notifyHandler`, without `on`: other events are named by their type. */
type PayCallbacks = Callbacks<NotifyHandlerOptions>

/** The options that are functions. */
type Callbacks<Options> = {
  [Name in keyof Options as NonNullable<Options[Name]> extends (...given: never[]) => unknown
    ? Name
    : never]-?: NonNullable<Options[Name]>
}

/**
 * Marks a method as a callback of WeChat Pay notifications (API v3), acknowledged only after it resolves.
 *
 * @param topic Name of the callback of `pay.notifyHandler` (default `onPaid`), or the type of any other event, e.g.
 *   `COMPLAINT.CREATE`.
 * @param options The account, if there are several.
 * @example
 * import { Injectable } from '@nestjs/common'
 * import { WeChatPayNotification } from 'weixin-kit/nest'
 * import type { PaidTransaction } from 'weixin-kit/pay'
 *
 * @Injectable()
 * export class Orders {
 *   @WeChatPayNotification('onPaid')
 *   async book(transaction: PaidTransaction) {
 *     console.log(transaction.out_trade_no, transaction.amount.total)
 *   }
 * }
 */
export function WeChatPayNotification<T extends keyof PayCallbacks = 'onPaid'>(
  topic?: T,
  options?: WeixinHandlerOptions
): MethodDecoratorFor<(...given: Parameters<PayCallbacks[T]>) => unknown>
export function WeChatPayNotification(
  topic: `${Uppercase<string>}.${string}` | '*',
  options?: WeixinHandlerOptions
): MethodDecoratorFor<(...given: Parameters<NonNullable<NotifyHandlerOptions['on']>[string]>) => unknown>
export function WeChatPayNotification(topic = 'onPaid', options: WeixinHandlerOptions = {}) {
  return mark('pay', topic, options)
}

/** The callbacks of API v2: payments and, at a separate URL, refunds. */
type PayV2Callbacks = Callbacks<Pick<NotifyHandlerOptionsV2, 'onPaid'> & Pick<RefundNotifyHandlerOptions, 'onRefund'>>

/**
 * Marks a method as a callback of WeChat Pay notifications of API v2.
 *
 * @param topic `onPaid` (route `payV2`, default) or `onRefund` (route `payV2Refund`).
 * @param options The account, if there are several.
 */
export function WeChatPayV2Notification<T extends keyof PayV2Callbacks = 'onPaid'>(
  topic?: T,
  options?: WeixinHandlerOptions
): MethodDecoratorFor<(...given: Parameters<PayV2Callbacks[T]>) => unknown>
export function WeChatPayV2Notification(topic = 'onPaid', options: WeixinHandlerOptions = {}) {
  return mark('payV2', topic, options)
}

function mark(kind: HandlerKind, topic: string, { account = DEFAULT_ACCOUNT }: WeixinHandlerOptions) {
  return <Method>(prototype: object, name: string | symbol, descriptor: TypedPropertyDescriptor<Method>): void => {
    const all = [...marksOf(descriptor.value), { kind, topic, account }]
    SetMetadata(MARKS, all)(prototype, name, descriptor as PropertyDescriptor)
  }
}

/** Returns the decorators on a method. */
export function marksOf(method: unknown): readonly HandlerMark[] {
  return typeof method === 'function'
    ? (reflector.get<HandlerMark[] | undefined>(MARKS, method as () => void) ?? [])
    : []
}
