import type { Logger } from '../core/index.ts'
import type { ErrorHandler, LateReplyHandler } from './handler-types.ts'
import type { Router } from './router.ts'

/** What was registered with a gateway. */
export interface Handlers {
  readonly router: Router
  onError: ErrorHandler | undefined
  onLateReply: LateReplyHandler | undefined
  readonly logger: Logger
}
