import type { LateMethods } from '../core/late/late-group.ts'
import { onFirstUse } from '../internal/on-first-use.ts'
import { COMMON_GROUPS } from '../wechat-api/late-groups.ts'
import type { Calls } from './calls.ts'

type GroupName =
  | 'accessToken'
  | 'blacklist'
  | 'customerService'
  | 'materials'
  | 'media'
  | 'menu'
  | 'network'
  | 'quota'
  | 'shortKey'
  | 'subscribeMessages'
  | 'tags'
  | 'users'

/** The methods of the groups that are loaded whole: a method that is missing here does not compile. */
export const groupMethods = onFirstUse((): { readonly [Name in GroupName]: LateMethods<Calls[Name]> } => ({
  accessToken: COMMON_GROUPS.accessToken,
  blacklist: { list: 'answers', each: 'iterates', add: 'answers', remove: 'answers' },
  customerService: {
    send: 'answers',
    typing: 'answers',
    accounts: {
      list: 'answers',
      online: 'answers',
      add: 'answers',
      invite: 'answers',
      update: 'answers',
      uploadHeadImage: 'answers',
      delete: 'answers'
    }
  },
  materials: { add: 'answers', get: 'answers', delete: 'answers', count: 'answers', list: 'answers' },
  media: { upload: 'answers', get: 'answers', getHdVoice: 'answers', uploadImage: 'answers' },
  menu: {
    create: 'answers',
    get: 'answers',
    delete: 'answers',
    current: 'answers',
    addConditional: 'answers',
    deleteConditional: 'answers',
    tryMatch: 'answers'
  },
  network: COMMON_GROUPS.network,
  quota: COMMON_GROUPS.quota,
  shortKey: { create: 'answers', fetch: 'answers' },
  subscribeMessages: { send: 'answers', templates: COMMON_GROUPS.subscribeTemplates },
  tags: {
    create: 'answers',
    list: 'answers',
    update: 'answers',
    delete: 'answers',
    users: 'answers',
    eachUser: 'iterates',
    tagUsers: 'answers',
    untagUsers: 'answers',
    ofUser: 'answers'
  },
  users: { info: 'answers', batchInfo: 'answers', list: 'answers', each: 'iterates', setRemark: 'answers' }
}))
