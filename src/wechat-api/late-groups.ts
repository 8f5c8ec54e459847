import type { LateMethods } from '../core/late/late-group.ts'
import type { AccessToken } from './access-token.ts'
import type { Network } from './network.ts'
import type { Quota } from './quota.ts'
import type { SubscribeTemplates } from './subscribe-templates.ts'

/** The methods of the groups that both kinds of account have. */
export const COMMON_GROUPS = {
  accessToken: {
    get: 'answers',
    invalidate: 'answers',
    forceRefreshInvalidatingTheCurrentToken: 'answers',
    replaceRefused: 'answers'
  } satisfies LateMethods<AccessToken>,
  network: { callbackIps: 'answers', apiIps: 'answers', checkCallback: 'answers' } satisfies LateMethods<Network>,
  quota: {
    get: 'answers',
    clear: 'answers',
    clearWithAppSecret: 'answers',
    clearApi: 'answers',
    rid: 'answers'
  } satisfies LateMethods<Quota>,
  subscribeTemplates: {
    list: 'answers',
    add: 'answers',
    delete: 'answers',
    categories: 'answers',
    publicTitles: 'answers',
    publicKeywords: 'answers'
  } satisfies LateMethods<SubscribeTemplates>
} as const
