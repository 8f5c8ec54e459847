import { ConnectionError, type Product } from '../errors/index.ts'

/** Failures before the first byte of the request: a retry cannot execute anything twice. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])
/**
 * These also happen on an established connection after the request was written: only `connect` proves that it was not
 * sent.
 */
const NEVER_SENT_AT_CONNECT = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN'])

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: check baseUrl, proxy and firewall.',
  ENOTFOUND: 'The host name does not resolve: check baseUrl and DNS.',
  EAI_AGAIN: 'DNS did not respond: check the resolver of this machine.',
  UND_ERR_CONNECT_TIMEOUT: 'The connection was not established in time: check firewall and proxy.',
  CERT_HAS_EXPIRED: "The server's certificate has expired, or the clock of this machine is wrong.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The server's certificate is for another host name: check baseUrl and proxy.",
  SELF_SIGNED_CERT_IN_CHAIN: 'A proxy or test server presents its own certificate: trust it with NODE_EXTRA_CA_CERTS.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'A proxy or test server presents its own certificate: trust it with NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The certificate chain is not trusted: trust its root with NODE_EXTRA_CA_CERTS.',
  UND_ERR_SOCKET: 'The other side closed the connection before it responded.',
  ECONNRESET: 'The other side reset the connection before it responded.'
}

/** Turns a rejection of `fetch` into a {@link ConnectionError} that says whether the request may have been sent. */
export function connectionFailure(cause: unknown, target: string, product: Product): ConnectionError {
  const { code, syscall } = findFailure(cause)
  const reason = code ?? (cause instanceof Error ? cause.message : 'no reason given')
  const advice = (code && ADVICE[code]) ?? 'See `cause`.'
  return new ConnectionError(`${target} failed: ${reason}. ${advice}`, {
    cause,
    product,
    requestSent: !(code && isNeverSent(code, syscall))
  })
}

function isNeverSent(code: string, syscall: unknown): boolean {
  if (NEVER_SENT_AT_CONNECT.has(code)) return syscall === 'connect'
  // The client refuses the server's certificate before it writes the request.
  return NEVER_SENT.has(code) || /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT)/.test(code)
}

function findFailure(error: unknown): { code?: string; syscall?: unknown } {
  for (let depth = 0, at = error; depth < 5 && typeof at === 'object' && at !== null; depth++) {
    const { code, syscall, cause, errors } = at as Record<string, unknown>
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return { code, syscall }
    at = cause ?? (Array.isArray(errors) ? errors[0] : undefined)
  }
  return {}
}
