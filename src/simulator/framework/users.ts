import { createHash } from 'node:crypto'
import { type OptionRules, oneOf, optional, text } from '../../core/options.ts'
import type { AccountBook } from './accounts.ts'
import { BoundedMap } from './bounded-map.ts'

/** What a simulated person is called and owns. */
export interface UserProfile {
  nickname: string
  /** Link to a picture; the default is empty, as for a person without one. */
  headimgurl: string
  language: 'zh_CN' | 'zh_TW' | 'en'
  /** Number without area code. */
  phone: string
  countryCode: string
  /** Real name, for transfers that check it. */
  realName: string
}

/** A person with one openid per account. */
export interface UserRecord {
  readonly id: string
  readonly profile: UserProfile
  /**
   * The openid that an account knows this person by: an app id or a kind, `officialAccount` by default.
   *
   * @param account App id or kind.
   * @returns The openid.
   */
  openid(account?: string): string
  /**
   * The unionid, for an account that is bound to an open platform account.
   *
   * @param account App id or kind.
   * @returns The unionid, or `undefined` for an account without an open platform account.
   */
  unionid(account?: string): string | undefined
}

/** Who a simulated person is. */
export interface UserOptions extends Partial<UserProfile> {
  /** Stable name of the person: the same id is the same person with the same openids, also after a restart. */
  id?: string | undefined
}

/** @internal */
export const USER_RULES: OptionRules = {
  id: optional(text()),
  nickname: optional(text()),
  headimgurl: optional((value) => (typeof value === 'string' ? undefined : 'must be a string')),
  language: optional(oneOf('zh_CN', 'zh_TW', 'en')),
  phone: optional(text(/^\d{5,15}$/, 'a number of 5 to 15 digits without area code')),
  countryCode: optional(text(/^\d{1,4}$/, 'an area code such as 86')),
  realName: optional(text())
}

const NICKNAMES = ['小明', '阿珍', 'Ming', '老王', 'Lily', '大熊', '安安', 'Jie']

function stableId(prefix: string, ...parts: string[]): string {
  // 28 characters that begin with "o", as real ones.
  return (
    prefix +
    createHash('sha256')
      .update(parts.join('\n'))
      .digest('base64url')
      .slice(0, 28 - prefix.length)
  )
}

/** @internal */
export class UserRegistry {
  readonly #users: BoundedMap<string, UserRecord>
  readonly #byOpenid = new Map<string, UserRecord>()
  /** What a snapshot keeps of each: always the same object, so that what did not change is seen. */
  readonly #saved = new WeakMap<UserRecord, { readonly id: string; readonly profile: UserProfile }>()
  readonly #accounts: AccountBook
  readonly #salt: string
  #count = 0

  constructor(accounts: AccountBook, limit: number, salt: string) {
    this.#accounts = accounts
    this.#salt = salt
    this.#users = new BoundedMap(limit, (user) => {
      for (const [openid, owner] of this.#byOpenid) if (owner === user) this.#byOpenid.delete(openid)
    })
  }

  /** The person of this id, made when new. */
  get(options: UserOptions = {}): UserRecord {
    const id = options.id ?? this.#freeId()
    const known = this.#users.get(id)
    const { id: _, ...profile } = options
    if (known) {
      Object.assign(known.profile, profile)
      return known
    }
    const number = this.#users.size
    const digits = parseInt(createHash('sha256').update(id).digest('hex').slice(0, 8), 16)
    const ids = new Map<string, string>()
    const stable = (kind: string, owner: string, made?: (value: string) => void): string => {
      const key = `${kind} ${owner}`
      let value = ids.get(key)
      if (value === undefined) {
        value = stableId('o', kind, this.#salt, owner, id)
        ids.set(key, value)
        made?.(value)
      }
      return value
    }
    const user: UserRecord = {
      id,
      profile: {
        nickname: NICKNAMES[number % NICKNAMES.length] ?? id,
        headimgurl: '',
        language: 'zh_CN',
        phone: `138${String(digits % 100_000_000).padStart(8, '0')}`,
        countryCode: '86',
        realName: '张三',
        ...profile
      },
      openid: (account = 'officialAccount') => {
        const { appId } = this.#accounts.resolve(account)
        return stable('openid', appId, (openid) => this.#byOpenid.set(`${appId}\n${openid}`, user))
      },
      unionid: (account = 'officialAccount') => {
        const platform = this.#accounts.resolve(account).openPlatform
        return platform === undefined ? undefined : stable('unionid', platform)
      }
    }
    this.#users.set(id, user)
    this.#saved.set(user, { id, profile: user.profile })
    for (const appId of this.#accounts.wechatAppIds()) user.openid(appId)
    return user
  }

  #freeId(): string {
    let id = `user-${++this.#count}`
    while (this.#users.has(id)) id = `user-${++this.#count}`
    return id
  }

  byOpenid(appId: string, openid: string): UserRecord | undefined {
    return this.#byOpenid.get(`${appId}\n${openid}`)
  }

  byId(id: string): UserRecord | undefined {
    return this.#users.get(id)
  }

  all(): UserRecord[] {
    return [...this.#users.values()]
  }

  snapshot(): unknown {
    return this.all().map((user) => this.#saved.get(user))
  }

  restore(state: unknown): void {
    if (!Array.isArray(state)) return
    for (const { id, profile } of state as { id: string; profile: UserProfile }[]) this.get({ id, ...profile })
  }
}
