import { redactUrl } from '../internal/redact.ts'
import type { LogEntry } from '../simulator/framework/log.ts'
import { resultOf } from '../simulator/skins/call-result.ts'

const CODES = { dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const

/** The error that a response reports besides its HTTP status, in any of the protocols. */
function upstreamError(entry: LogEntry): string | undefined {
  if (entry.direction === 'out') return undefined
  const { isBad, code, message } = resultOf(entry)
  return isBad ? [code, message].filter((one) => one !== 'FAIL' && one).join(' ') || undefined : undefined
}

/** Formats one exchange on one or two lines. */
export function formatLogEntry(entry: LogEntry, isColored: boolean): string {
  const paint = (text: string, color: keyof typeof CODES) =>
    isColored ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text
  const time = new Date(entry.time).toTimeString().slice(0, 8)
  const problem = upstreamError(entry)
  const isFailed = problem !== undefined || entry.status === undefined || entry.status >= 400
  const status = paint(String(entry.status ?? '---'), isFailed ? 'red' : 'green')
  const arrow = entry.direction === 'in' ? paint('→', 'cyan') : paint('←', 'yellow')
  const url = redactUrl(entry.url).replace(/^https:\/\//, '')
  const account = entry.account === undefined ? '' : ` ${paint(entry.account, 'dim')}`
  const details = [
    ...entry.verified.map((note) => paint(`✓ ${note}`, 'dim')),
    ...entry.refused.map((note) => paint(`✗ ${note}`, 'red')),
    ...(problem === undefined ? [] : [paint(`✗ ${problem}`, 'red')]),
    ...(entry.note === undefined ? [] : [paint(entry.note, isFailed ? 'red' : 'dim')])
  ]
  const second = details.length > 0 ? `\n           ${details.join(' · ')}` : ''
  return `${paint(time, 'dim')} ${arrow} ${entry.method.padEnd(4)} ${url} ${status} ${paint(`${entry.durationMs} ms`, 'dim')}${account}${second}\n`
}
