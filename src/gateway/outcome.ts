import type { Reply } from './replies.ts'

/** What a message came to: a reply, or nothing to say. */
export type Answer = Reply | string | undefined

/** A message that is over. */
export interface Settled {
  readonly answer: Answer
}

/** What handlers came to. */
export interface Outcome {
  answer: Answer
  /** Leave no mark, so that a redelivery runs the handlers again. */
  isFailed: boolean
  /** Sends the reply another way; absent when that is not possible. */
  sendLate?: (() => Promise<void>) | undefined
}

/** The reply; or that the response was due without it (`isLast`: no later delivery can carry it); or that another process has it. */
export type Delivered = Settled | { readonly isLate: true; readonly isLast: boolean } | { readonly isElsewhere: true }
