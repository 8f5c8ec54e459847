import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, context, type Span, trace } from '@opentelemetry/api'

/** The span of the current call or handler: the parent of calls inside it, even without a context manager. */
export const activeSpan = new AsyncLocalStorage<Span>()

/** The context that a new span belongs to. */
export function parentContext(): Context {
  const active = context.active()
  const span = activeSpan.getStore()
  return span && trace.getSpan(active) === undefined ? trace.setSpan(active, span) : active
}
