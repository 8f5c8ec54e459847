import type { StateKeeper } from './state.ts'

const LOGIN_COOKIE = /^(?:__Host-)?wxkit_oauth_[0-9a-f]{12}(?==)/
/** Of all open logins of a browser. Servers refuse requests with much more than ten thousand bytes of headers. */
const MOST_COOKIE_BYTES = 4096

/**
 * `Set-Cookie` headers that take away the oldest logins that a browser did not finish, when all together are large: they go with
 * every request to the host, and a page of somebody else could begin so many that none of them is accepted any more.
 */
export function dropOldLogins(keeper: StateKeeper, cookieHeader: string): string[] {
  // Browsers send the oldest first.
  const newestFirst = cookieHeader
    .split(';')
    .map((part) => part.trim())
    .reverse()
  let bytes = 0
  return newestFirst.flatMap((part) => {
    const name = LOGIN_COOKIE.exec(part)?.[0]
    bytes += name === undefined ? 0 : part.length
    return name === undefined || bytes <= MOST_COOKIE_BYTES ? [] : [keeper.setCookie(name, '', 0)]
  })
}
