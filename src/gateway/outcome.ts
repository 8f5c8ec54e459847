import type { Reply } from './replies.ts'

/** Result of a message: a reply, or none. */
export type Answer = Reply | string | undefined

/** A message whose handlers have finished. */
export interface Settled {
  readonly answer: Answer
}

/** Result of the handlers. */
export interface Outcome {
  answer: Answer
  /** Whether to leave no mark, so that a redelivery runs the handlers again. */
  isFailed: boolean
  /** Sends the reply another way; absent if that is not possible. */
  sendLate?: (() => Promise<void>) | undefined
}

/** The reply; or that the response was due without it (`isLast`: no later delivery can carry it); or that another process has it. */
export type Delivered = Settled | { readonly isLate: true; readonly isLast: boolean } | { readonly isElsewhere: true }
