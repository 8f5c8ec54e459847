import { Late } from '../core/late/late.ts'
import { lazyPart } from '../internal/lazy-part.ts'
import type { WeChatAccount } from '../wechat-api/account.ts'
import type { Calls, GivenToCalls } from './calls.ts'

/** One for all clients: what only calls need. */
const part = lazyPart(() => import('./calls.ts'))

/** The calls of one account, loaded after the client: nothing that is loaded with the client imports more than types from there. */
export type LateCalls = Late<typeof import('./calls.ts'), Calls>

export function lateCalls(account: WeChatAccount, given: GivenToCalls): LateCalls {
  return new Late(part, ({ Calls }) => new Calls(account, given))
}
