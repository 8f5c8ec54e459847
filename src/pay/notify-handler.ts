import type { ByteResponse, HandlerRequest } from '../core/byte-handler.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import type { Logger } from '../core/logger.ts'
import { callback, checkOptions, integer, objectWith, optional, record } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { ConfigError, SignatureError, UnexpectedResponseError } from '../errors/index.ts'
import {
  createNotificationHandler,
  type NotificationErrorHandler,
  type NotificationRefusal,
  unreadableBody
} from './common/notification-handler.ts'
import type { Notification } from './notification.ts'
import { eventKeyOf } from './notification-kind.ts'
import { EVENT_CALLBACKS, type NotifyCallbacks, QUESTIONS } from './notify-callbacks.ts'
import type { RawNotification } from './parse-notification.ts'
import { acknowledgeXml, isXml, type RefundReader, readXmlRefund } from './xml-refund.ts'

/**
 * Callbacks and options of `notifyHandler`. Each callback runs at least once for an event and, with a shared store, as
 * a rule only once; make it idempotent (an update with a condition, in one transaction). A genuine notification without
 * a callback is refused and reported, never discarded.
 */
export interface NotifyHandlerOptions extends NotifyCallbacks {
  /** Called when a signature probe of WeChat Pay was refused as intended. */
  onProbe?: ((context: { readonly request: HandlerRequest }) => unknown) | undefined
  /** Called for refused and failed requests, e.g. for a log or an alert. */
  onError?: NotificationErrorHandler | undefined
  /** Reads refunds made in the merchant platform, whose notifications are sent as XML of API v2 to the same URL. */
  v2?: RefundReader | undefined
  /** Maximum body size in bytes. Default 65 536. */
  bodyLimitBytes?: number | undefined
}

type Register<Name extends keyof NotifyCallbacks> = (run: NonNullable<NotifyCallbacks[Name]>) => NotifyHandler

/**
 * A handler whose callbacks can also be set later, e.g. `handler.onPaid(…)` if services are created after the routes.
 */
export type NotifyHandler = FetchHandler & { readonly [Name in Exclude<keyof NotifyCallbacks, 'on'>]-?: Register<Name> }

export interface NotifyHandlerContext {
  store: Store
  logger: Logger | undefined
  mchId: string
  parse(raw: RawNotification): Promise<Notification>
}

const STATUS: Readonly<Record<NotificationRefusal, number>> = {
  method: 405,
  too_large: 413,
  malformed: 400,
  unverified: 401,
  running: 503,
  failed: 500
}
const JSON_HEADERS = { 'content-type': 'application/json' } as const

/**
 * @internal
 * @throws {ConfigError} ERR_CONFIG
 */
export function makeNotifyHandler(context: NotifyHandlerContext, given?: NotifyHandlerOptions): NotifyHandler {
  if (given) checkHandlerOptions(given)
  const options: NotifyHandlerOptions = { ...given }
  const xml = new WeakSet<Notification>()
  const handler = createNotificationHandler<Notification>({
    operation: 'notifyHandler',
    store: context.store,
    logger: context.logger,
    bodyLimitBytes: options.bodyLimitBytes,
    onError: options.onError,
    isExpected: isProbe,
    parse: async (body, request) => {
      if (isXml(body)) {
        const notification = await readXmlRefund(options.v2 ?? refuseXml(), body, context.mchId)
        xml.add(notification)
        return notification
      }
      try {
        return await context.parse({ headers: headersOf(request), body })
      } catch (error) {
        if (isProbe(error)) await reportProbe(context, options, request)
        throw error
      }
    },
    keyOf: (notification) => `weixin-kit:${context.mchId}:pay-v3:${eventKeyOf(notification)}`,
    run: (notification) => dispatch(options, notification),
    acknowledge: (result, notification) => {
      if (xml.has(notification)) return acknowledgeXml()
      return result === ''
        ? { status: 204, headers: {}, body: '' }
        : { status: 200, headers: JSON_HEADERS, body: result }
    },
    refuse: refuseNotification
  })
  return withCallbacks(handler, options)
}

/** Response to a refused delivery. */
export function refuseNotification(refusal: NotificationRefusal, message: string): ByteResponse {
  return {
    status: STATUS[refusal],
    headers: refusal === 'method' ? { ...JSON_HEADERS, allow: 'POST' } : JSON_HEADERS,
    body: JSON.stringify({ code: 'FAIL', message })
  }
}

function withCallbacks(handler: FetchHandler, options: NotifyHandlerOptions): NotifyHandler {
  for (const name of Object.keys(EVENT_CALLBACKS)) {
    const register = (run: unknown) => {
      checkOptions({ [name]: run }, { [name]: optional(callback) }, { owner: 'notifyHandler', product: 'pay' })
      Object.assign(options, { [name]: run })
      return handler
    }
    Object.defineProperty(handler, name, { value: register })
  }
  return handler as NotifyHandler
}

function headersOf(request: HandlerRequest): { get(name: string): string | null } {
  return { get: (name) => request.header(name) ?? null }
}

function refuseXml(): never {
  throw unreadableBody(
    'notifyHandler: the URL of API v3 received XML, probably for a refund made in the merchant platform, whose notifications are those of API v2. Set the option v2 to a WeChatPayV2 of this merchant.'
  )
}

/** @throws {ConfigError} ERR_CONFIG */
export function checkHandlerOptions(options: { readonly on?: Readonly<Record<string, unknown>> | undefined }): void {
  const names = Object.keys(EVENT_CALLBACKS)
  checkOptions(
    options,
    {
      ...Object.fromEntries(names.map((name) => [name, optional(callback)])),
      on: optional(record),
      onProbe: optional(callback),
      onError: optional(callback),
      v2: optional(objectWith('parseRefundNotification')),
      bodyLimitBytes: optional(integer(1))
    },
    { owner: 'notifyHandler', product: 'pay' }
  )
  const others = Object.entries(options.on ?? {})
  const wrong = others.find(([, value]) => typeof value !== 'function')
  if (wrong) {
    throw new ConfigError(`notifyHandler: option "on" has no function for "${wrong[0].slice(0, 64)}".`, {
      option: 'on',
      product: 'pay'
    })
  }
  if (others.length === 0 && !names.some((name) => Object.hasOwn(options, name))) {
    throw new ConfigError('notifyHandler: pass at least one callback, e.g. onPaid, or no options at all.', {
      product: 'pay'
    })
  }
}

/** Runs the callback of a notification; its result is the response to an event that expects one. */
async function dispatch(options: NotifyCallbacks, notification: Notification): Promise<string> {
  const { event, run } = callbackOf(options, notification)
  const { event_type: type, kind } = notification
  if (!run) {
    throw new UnexpectedResponseError(
      `notifyHandler: a genuine ${type} notification (${kind}) has no callback. It was not acknowledged so that it is not lost: add the callback (or on: { '${event}': … }).`,
      { product: 'pay' }
    )
  }
  const result: unknown = await run(notification.resource as never, notification as never)
  return QUESTIONS.has(type) && typeof result === 'object' && result !== null ? JSON.stringify(result) : ''
}

/**
 * The callback of its kind. One in `on` gets its event, but never the content of another event: such a notification is
 * handled as the event to which its content belongs.
 */
function callbackOf(options: NotifyCallbacks, { event_type: type, kind }: Notification) {
  const { on = {} } = options
  const row = Object.entries(EVENT_CALLBACKS).find(([, { kinds }]) => kinds.includes(kind))
  const ofKind = row && options[row[0] as keyof typeof EVENT_CALLBACKS]
  const event = row?.[1].event?.(kind) ?? type
  const inOn = (name: string) => (Object.hasOwn(on, name) ? on[name] : undefined)
  return { event, run: inOn(event) ?? ofKind ?? inOn('*') }
}

function isProbe(error: unknown): boolean {
  return error instanceof SignatureError && error.reason === 'probe'
}

async function reportProbe(
  context: NotifyHandlerContext,
  options: NotifyHandlerOptions,
  request: HandlerRequest
): Promise<void> {
  try {
    await options.onProbe?.({ request })
  } catch (thrown) {
    // A failing callback must not change the response.
    context.logger?.error?.(`notifyHandler: onProbe threw ${String(thrown)}`, { product: 'pay' })
  }
}
