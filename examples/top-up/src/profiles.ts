import type { Store } from 'weixin-kit'
import type { Profile } from './models/users.ts'

const TTL_MS = 30 * 24 * 3600_000
const keyOf = (openid: string) => `profile:${openid}`

/** What WeChat said of a visitor, until the phone number makes a user of them. */
export async function rememberProfile(store: Store, openid: string, profile: Profile): Promise<void> {
  await store.set(keyOf(openid), JSON.stringify(profile), TTL_MS)
}

export async function profileOf(store: Store, openid: string): Promise<Profile> {
  const text = await store.get(keyOf(openid))
  return text === undefined ? { nick_name: '', head_img_url: '' } : (JSON.parse(text) as Profile)
}
