import { isLoopbackHost } from './loopback-host.ts'

/**
 * A login ends only on the host on which it began, because its cookie belongs to that host, and WeChat brings people back to
 * PUBLIC_URL. Answers where one that begins elsewhere has to begin: from `localhost` to `127.0.0.1`, say. For other hosts it
 * logs a line, as behind a proxy that hides the host the browser may be right all the same.
 */
export function ownAddress(
  publicUrl: string,
  log: (line: string) => void
): (host: string, pathAndQuery: string) => string | undefined {
  const own = new URL(publicUrl)
  const named = new Set<string>()
  return (host, pathAndQuery) => {
    if (host === own.host || !/^[\w.:[\]-]{1,255}$/.test(host)) return undefined
    const hostname = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
    if (isLoopbackHost(hostname) && isLoopbackHost(own.hostname)) return own.origin + pathAndQuery
    if (!named.has(host) && named.size < 20) {
      named.add(host)
      log(`a login began on ${host}, and WeChat returns to ${own.host}, the host of PUBLIC_URL: open the site there`)
    }
    return undefined
  }
}
