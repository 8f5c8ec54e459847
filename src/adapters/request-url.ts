import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { BodyError } from '../errors/index.ts'
import type { Origin, Received } from './received.ts'

const HOST = /^[A-Za-z0-9._-]+(?::\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](?::\d{1,5})?$/

/**
 * Returns the absolute URL of a request.
 *
 * @throws {BodyError} ERR_BODY_MALFORMED for an invalid Host.
 */
export function requestUrl({ req, url: path, trust, context }: Received, trustProxy: boolean | undefined): string {
  const trusted = trustProxy ?? trust(context)
  return absoluteUrl(typeof trusted === 'object' ? trusted : originOf(req, trusted), path)
}

/**
 * Puts an address together of what came with a request.
 *
 * @throws {BodyError} ERR_BODY_MALFORMED for a Host that is none.
 */
export function absoluteUrl({ protocol, host }: Origin, path: string): string {
  const url = `${protocol}://${host}${pathOf(path)}`
  // A port of 99999 or an IPv4 address of five numbers looks like a host but is invalid.
  if (!HOST.test(host) || (protocol !== 'http' && protocol !== 'https') || !URL.canParse(url)) {
    throw new BodyError('malformed', 'The Host (or forwarded host or protocol) of the request is not valid.', {
      product: 'adapter'
    })
  }
  return url
}

function originOf(req: IncomingMessage, isProxyTrusted: boolean): Origin {
  const forwarded = (name: string) => (isProxyTrusted ? firstOf(req.headers[name]) : undefined)
  const isEncrypted = (req.socket as Partial<TLSSocket>).encrypted === true
  return {
    protocol: forwarded('x-forwarded-proto') ?? (isEncrypted ? 'https' : 'http'),
    host: forwarded('x-forwarded-host') ?? req.headers.host ?? firstOf(req.headers[':authority']) ?? 'localhost'
  }
}

/** Appended to the host as text: resolving `//evil.example/` against a base would change the host. */
function pathOf(url: string): string {
  if (url.startsWith('/')) return url
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)?.[0]
  const rest = absolute === undefined ? '' : url.slice(absolute.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

function firstOf(header: string | string[] | undefined): string | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.split(',')[0]?.trim()
  return text === '' ? undefined : text
}
