export type * from './account-events.ts'
export type * from './base.ts'
export type * from './card-events.ts'
export type * from './mini-program-events.ts'
export type * from './shared-events.ts'
export {
  type EventMap,
  type EventName,
  isMessage,
  type MessageOf,
  type Topic,
  USER_MESSAGE_TYPES,
  type UserMessageType
} from './topics.ts'
export type * from './user-messages.ts'
