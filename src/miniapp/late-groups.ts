import type { LateMethods } from '../core/late/late-group.ts'
import { onFirstUse } from '../internal/on-first-use.ts'
import { COMMON_GROUPS } from '../wechat-api/late-groups.ts'
import type { Calls } from './calls.ts'

/** The methods of all groups: one that is missing here does not compile. */
export const groupMethods = onFirstUse(
  (): { readonly [Name in Exclude<keyof Calls, 'api'>]: LateMethods<Calls[Name]> } => ({
    accessToken: COMMON_GROUPS.accessToken,
    auth: {
      code2Session: 'answers',
      checkSession: 'answers',
      resetSession: 'answers',
      paidUnionid: 'answers',
      encryptKeys: 'answers',
      checkEncryptedData: 'answers'
    },
    customerService: { send: 'answers', typing: 'answers' },
    links: {
      generateScheme: 'answers',
      queryScheme: 'answers',
      generateUrlLink: 'answers',
      queryUrlLink: 'answers',
      generateShortLink: 'answers'
    },
    media: { upload: 'answers', get: 'answers' },
    network: COMMON_GROUPS.network,
    phone: { get: 'answers' },
    quota: COMMON_GROUPS.quota,
    security: { msgSecCheck: 'answers', mediaCheckAsync: 'answers', riskRank: 'answers' },
    session: { start: 'answers', find: 'answers', decrypt: 'answers', end: 'answers' },
    subscribeMessages: { send: 'answers', templates: COMMON_GROUPS.subscribeTemplates },
    wxacode: { limited: 'answers', unlimited: 'answers', qrcode: 'answers' }
  })
)
