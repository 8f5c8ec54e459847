import type { Exchange } from './exchange.ts'
import type { UserRecord, UserRegistry } from './users.ts'

const COOKIE = 'simulator_user'
const MAX_CHOICES = 12

/** People a browser may be: the known ones, the newest first, or a first one. */
export function browserUsers(users: UserRegistry): UserRecord[] {
  const known = users.all().filter((user) => !user.id.includes('#'))
  return known.length > 0 ? known.slice(-MAX_CHOICES).reverse() : [users.get({ id: 'user-1' })]
}

/** Who consented in this browser before. */
export function rememberedUser(users: UserRegistry, exchange: Exchange): UserRecord | undefined {
  const cookie = /(?:^|;\s*)simulator_user=([^;]*)/.exec(exchange.headers.get('cookie') ?? '')?.[1]
  if (cookie === undefined) return undefined
  try {
    return users.byId(decodeURIComponent(cookie))
  } catch {
    return undefined
  }
}

/** Makes a browser remember who it is. */
export function userCookie(user: UserRecord): string {
  return `${COOKIE}=${encodeURIComponent(user.id)}; Path=/; HttpOnly; SameSite=Lax`
}
