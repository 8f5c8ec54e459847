import type { StateKeeper } from './state.ts'

const LOGIN_COOKIE = /^(?:__Host-)?wxkit_oauth_[0-9a-f]{12}(?==)/
/** Of all unfinished logins of a browser. Servers refuse requests with much more than ten thousand bytes of headers. */
const MOST_COOKIE_BYTES = 4096

/**
 * Returns `Set-Cookie` headers that remove the oldest unfinished logins of a browser if their cookies are too large:
 * they are sent with every request to the host, and another site's page could start so many that requests are no longer
 * accepted.
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
