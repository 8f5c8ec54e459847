import { timingSafeEqual } from 'node:crypto'
import { type SignableCall, signQBox, signV2 } from '../crypto/qiniu.ts'
import type { QiniuAccount } from '../framework/accounts.ts'
import type { Exchange } from '../framework/exchange.ts'
import { transportTime } from '../framework/transport-time.ts'
import { explainQiniuSign } from './explain-sign.ts'
import { QiniuFailure } from './failure.ts'
import type { QiniuState } from './state.ts'

const SKEW_MS = 15 * 60 * 1000

/** The account that signed a management call (管理凭证), or 401. */
export function authorize(state: QiniuState, exchange: Exchange): QiniuAccount {
  const header = exchange.headers.get('authorization') ?? ''
  const [, scheme, accessKey = '', sign = ''] = /^(QBox|Qiniu) ([^:\s]+):([\w-]+={0,2})$/.exec(header) ?? []
  const account = state.account(accessKey)
  if (!scheme || !account) throw new QiniuFailure(401)
  exchange.account = accessKey
  if (state.frozen.has(accessKey)) throw new QiniuFailure(419)
  const compute = scheme === 'QBox' ? signQBox : signV2
  const fits = addresses(exchange).some((address) =>
    equals(compute(account.secretKey, { ...address, ...content(exchange) }), sign)
  )
  if (!fits) {
    const call = { host: exchange.host, target: exchange.target, ...content(exchange) }
    exchange.signature = explainQiniuSign(account.secretKey, scheme === 'QBox' ? scheme : 'Qiniu', call, sign)
    const why = exchange.signature.mistake?.en ?? 'another key, or something was changed after signing'
    exchange.refused(`Authorization (${scheme}) does not match: ${why}`)
    throw new QiniuFailure(401)
  }
  if (scheme === 'Qiniu') checkDate(state, exchange)
  exchange.verified(`Authorization (${scheme})`)
  return account
}

function content(exchange: Exchange): Omit<SignableCall, 'host' | 'target'> {
  return {
    method: exchange.method,
    contentType: exchange.headers.get('content-type') ?? undefined,
    headers: exchange.headers,
    body: exchange.body
  }
}

/** What the caller may have taken for host and path: a base URL in between may be known to it or not. */
function addresses({ host, target, receivedHost, receivedTarget }: Exchange): { host: string; target: string }[] {
  const port = /:(\d+)$/.exec(receivedHost)?.[1]
  return [
    { host, target },
    { host: receivedHost, target: receivedTarget },
    // A client that was told "127.0.0.1:9000/rs.qiniuapi.com" as the host of a region.
    { host: `${receivedHost}/${host}`, target },
    // The official package for Node repeats a port that is not the usual one.
    ...(port === undefined ? [] : [{ host: `${receivedHost}:${port}`, target: receivedTarget }])
  ]
}

function checkDate(state: QiniuState, exchange: Exchange): void {
  const date = exchange.headers.get('x-qiniu-date')
  if (date === null) return
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const time = Date.parse(iso)
  exchange.peerTime = time
  if (!(Math.abs(time - transportTime(state.context.clock, exchange)) <= SKEW_MS))
    throw new QiniuFailure(403, 'request time too skewed')
}

export function equals(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
