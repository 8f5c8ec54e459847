import { responseWithStatus } from '../framework/answer-status.ts'
import type { SimulatorRandom } from '../framework/random.ts'
import { upstreamJson } from '../framework/upstream-json.ts'

/** What Qiniu says with a status when nothing more exact is known. */
const MESSAGES: Readonly<Record<number, string>> = {
  400: 'invalid argument',
  401: 'bad token',
  403: 'forbidden',
  404: 'not found',
  405: 'method not allowed',
  406: 'crc32 mismatch',
  413: 'request entity too large',
  419: 'user disabled',
  478: 'httpGet url failed',
  502: 'bad gateway',
  503: 'service unavailable',
  504: 'gateway timeout',
  571: 'too many requests',
  573: 'api call concurrency limit exceeded',
  579: 'callback failed',
  599: 'internal error',
  608: 'file modified',
  612: 'no such file or directory',
  614: 'file exists',
  630: 'too many buckets',
  631: 'no such bucket',
  640: 'invalid marker',
  701: 'ctx expired'
}

/** A refusal with the status and message of Qiniu. */
export class QiniuFailure extends Error {
  readonly status: number
  readonly extra: Readonly<Record<string, unknown>>

  constructor(status: number, message = MESSAGES[status] ?? 'unknown error', extra = {}) {
    super(message)
    this.status = status
    this.extra = extra
  }
}

export function answerQiniu(random: SimulatorRandom, status: number, body: unknown, headers = {}): Response {
  const text = body === undefined ? '' : typeof body === 'string' ? body : upstreamJson(body)
  return responseWithStatus(text, {
    status,
    headers: { 'content-type': 'application/json', 'x-reqid': random.text(16), 'x-log': 'SIMULATOR', ...headers }
  })
}

export function answerFailure(random: SimulatorRandom, failure: QiniuFailure): Response {
  return answerQiniu(random, failure.status, { error: failure.message, ...failure.extra })
}
