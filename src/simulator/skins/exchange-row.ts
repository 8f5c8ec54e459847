import type { LogEntry } from '../framework/log.ts'
import type { ExchangeRow, ExchangeView } from '../framework/views.ts'
import { field, NO_RESULT, resultOf, tag } from './call-result.ts'

const yuan = (fen: string) => `¥${(Number(fen) / 100).toFixed(2)}`

/** The numbers and the amount of a request. */
function subjectOf({ requestBody: body, subject }: LogEntry): string[] {
  if (subject !== undefined) return [subject]
  const read = body.trimStart().startsWith('<') ? tag : field
  const number = ['out_refund_no', 'out_trade_no', 'out_bill_no', 'out_batch_no', 'mch_billno', 'partner_trade_no']
  const found = number.map((name) => read(body, name)).find(Boolean)
  const amount =
    read(body, 'total_fee') ?? read(body, 'total') ?? read(body, 'transfer_amount') ?? read(body, 'total_amount')
  return [read(body, 'trade_type'), found, amount && yuan(amount), found ? undefined : read(body, 'openid')].flatMap(
    (one) => one || []
  )
}

/** @internal The line of an exchange in the list. */
export function exchangeRow(entry: LogEntry): ExchangeRow {
  const { id, time, direction, service, account, method, status, durationMs, refused, note, deliveryId } = entry
  const url = URL.canParse(entry.url) ? new URL(entry.url) : undefined
  const result = direction === 'in' ? resultOf(entry) : NO_RESULT
  const isUndelivered = direction === 'out' && note?.startsWith('delivered') !== true
  const isBad = result.isBad || isUndelivered || refused.length > 0 || status === undefined || status >= 400
  const reason = result.message ?? (isBad ? (refused.at(-1) ?? note) : undefined)
  const about = [...subjectOf(entry), reason ?? (direction === 'out' ? note : undefined)].filter(Boolean)
  return {
    id,
    time,
    direction,
    service,
    account,
    method,
    host: url?.host ?? '',
    path: url ? url.pathname : entry.url,
    status,
    durationMs,
    outcome: (result.isBad ? result.code : undefined) ?? (status === undefined ? '—' : (result.code ?? String(status))),
    isBad,
    about: (about.length > 0 ? about.join(' · ') : entry.verified.join(' · ')).slice(0, 240),
    deliveryId
  }
}

const headersOf = (headers: Headers | undefined) => (headers ? Object.fromEntries(headers) : {})

/** @internal Everything about one exchange. */
export function exchangeView(entry: LogEntry): ExchangeView {
  const { url, verified, refused, note, requestBody, responseBody, signature } = entry
  const [requestHeaders, responseHeaders] = [headersOf(entry.requestHeaders), headersOf(entry.responseHeaders)]
  const more = { url, verified, refused, note, requestHeaders, responseHeaders, requestBody, responseBody, signature }
  return { ...exchangeRow(entry), ...more }
}
