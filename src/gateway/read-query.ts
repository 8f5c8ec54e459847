/** The parameters that the platform signs or sends; `repeated` names one that occurs twice. */
export interface GatewayQuery {
  signature?: string | undefined
  msg_signature?: string | undefined
  timestamp?: string | undefined
  nonce?: string | undefined
  echostr?: string | undefined
  encrypt_type?: string | undefined
  openid?: string | undefined
  repeated?: string | undefined
}

const NAMES: ReadonlySet<string> = new Set([
  'signature',
  'msg_signature',
  'timestamp',
  'nonce',
  'echostr',
  'encrypt_type',
  'openid'
])

/** Parses the query of a path or URL. By hand: a `URL` object costs more than verifying the signature. */
export function readQuery(url: string): GatewayQuery {
  const query: GatewayQuery & Record<string, string> = {}
  const start = url.indexOf('?') + 1
  if (start === 0) return query
  const hash = url.indexOf('#', start)
  const end = hash < 0 ? url.length : hash
  for (let at = start; at < end; ) {
    let next = url.indexOf('&', at)
    if (next < 0 || next > end) next = end
    const equals = url.indexOf('=', at)
    const nameEnd = equals < 0 || equals > next ? next : equals
    const name = decode(url.slice(at, nameEnd))
    if (NAMES.has(name)) {
      if (query[name] !== undefined) query.repeated = name
      query[name] = decode(url.slice(Math.min(nameEnd + 1, next), next))
    }
    at = next + 1
  }
  return query
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // Not valid UTF-8, so it cannot be what was signed.
    return text
  }
}
