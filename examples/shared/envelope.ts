import { isWeixinKitError } from 'weixin-kit'
import { AppError } from './app-error.ts'
import { describeError } from './describe-error.ts'

/** How an app answers errors: its table of codes, and which of them the framework's own errors get. */
export interface Envelope<Code extends number> {
  codes: Readonly<Record<Code, { status: number }>>
  /** The body that carries a code; `thrown` for apps whose errors bring words of their own. */
  bodyOf(code: Code, thrown?: unknown): object
  /** What we did wrong, or what we stand on. */
  fault: Code
  /** In place of the status of `fault`. */
  faultStatus?: number
  /** The library threw: WeChat, or another service, refuses or cannot be asked (502). Without it, that is a fault. */
  unavailable?: Code
  /** What is no request: malformed JSON, a body over the limit, a broken URL. */
  badRequest: Code
  notFound: Code
  /** What a page of another site gets when it wants something changed. An app without cookies needs none. */
  foreign?: Code
}

export interface Failure {
  status: number
  body: object
  /** For the log, when somebody has to look at it: the code and its cause. */
  line: string | undefined
}

/** What becomes of an error: nothing of it but its code leaves the server; the log gets the cause. */
export function failureOf<Code extends number>(envelope: Envelope<Code>, error: unknown): Failure {
  const { code, status } = codeOf(envelope, error)
  const cause = error instanceof AppError ? error.cause : error
  const line = status >= 500 ? `${code} ${describeError(cause)}` : undefined
  return { status, body: envelope.bodyOf(code, error), line }
}

function codeOf<Code extends number>(
  { codes, fault, faultStatus, unavailable, badRequest }: Envelope<Code>,
  thrown: unknown
): { code: Code; status: number } {
  // A route may have taken it for a failure of the service that it was about to ask.
  if (isOutage(thrown)) return { code: fault, status: 503 }
  if (thrown instanceof AppError) {
    const code = thrown.errorCode as Code
    return { code, status: thrown.status ?? codes[code].status }
  }
  if (isWeixinKitError(thrown) && unavailable !== undefined) return { code: unavailable, status: 502 }
  // Fastify says `statusCode`.
  const { status = undefined, statusCode = status } = (thrown ?? {}) as { status?: unknown; statusCode?: unknown }
  const isRefusal = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 && !isWeixinKitError(thrown)
  if (isRefusal) return { code: badRequest, status: codes[badRequest].status }
  return { code: fault, status: faultStatus ?? codes[fault].status }
}

/** Whether Redis or the database is away: on the next try, or another machine, the request may well succeed. */
function isOutage(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    // What is behind the other errors of the library happened to a service that was asked.
    if (isWeixinKitError(one)) return one.code === 'ERR_STORE'
    if (LOST_CONNECTION.test(one.message) || CANNOT_SERVE.test(String((one as { code?: unknown }).code))) return true
  }
  return false
}

/** What the driver of PostgreSQL says without a code. */
const LOST_CONNECTION = /^(?:timeout exceeded when trying to connect|Connection terminated|Query read timeout)/
/** SQLSTATE of the classes 08, 53 and 57, and what the network says. */
const CANNOT_SERVE = /^(?:08|53|57)[\dA-Z]{3}$|^(?:ECONN|EHOST|ENET|EPIPE|ETIMEDOUT|EAI_|ENOTFOUND)/
