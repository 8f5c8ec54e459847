import { ApiError, isWeixinKitError } from '../errors/index.ts'
import { MiniProgram } from '../miniapp/index.ts'
import { OfficialAccount } from '../mp/index.ts'
import { WeChatPay } from '../pay/index.ts'
import { WeChatPayV2 } from '../pay/v2/index.ts'
import type { Finding } from './doctor-finding.ts'

/** WeChat Pay refuses requests beyond 300 s; signatures of other services expire sooner. */
const WARN_SKEW_SECONDS = 30
const MAX_SKEW_SECONDS = 300
/** An order that does not exist: the response proves keys, signature and merchant id. */
const NO_ORDER = 'weixinkitdoctor0000000000000000'
const EXPECTED = new Set(['ORDER_NOT_EXIST', 'ORDERNOTEXIST', 'RESOURCE_NOT_EXISTS', 'NOT_FOUND'])

export interface OnlineOptions {
  fetch: typeof globalThis.fetch
  now: () => number
  signal: AbortSignal
}

/** Compares the clock with the `Date` header of a server. */
export async function examineClock(url: string, { fetch, now, signal }: OnlineOptions): Promise<Finding> {
  const area = 'Clock'
  let date: number
  try {
    const response = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)])
    })
    date = Date.parse(response.headers.get('date') ?? '')
  } catch {
    return { level: 'error', area, text: `${new URL(url).host} cannot be reached: check DNS, firewall and proxy.` }
  }
  const skew = Math.round((now() - date) / 1000)
  if (Number.isNaN(skew)) return { level: 'info', area, text: `${new URL(url).host} sends no Date header.` }
  const text = `${Math.abs(skew)} s ${skew >= 0 ? 'ahead of' : 'behind'} ${new URL(url).host}`
  if (Math.abs(skew) <= WARN_SKEW_SECONDS) return { level: 'ok', area, text: `${text}.` }
  const level = Math.abs(skew) >= MAX_SKEW_SECONDS ? 'error' : 'warning'
  return { level, area, text: `${text}. Signatures fail beyond ${MAX_SKEW_SECONDS} s: synchronise the clock (NTP).` }
}

/** Makes one harmless call that proves that the account works from this machine. */
export async function examineOnline(area: string, client: unknown, signal: AbortSignal): Promise<Finding | undefined> {
  try {
    if (client instanceof OfficialAccount || client instanceof MiniProgram) {
      await client.accessToken.get(signal)
      return { level: 'ok', area, text: 'an access token was issued: AppSecret and IP list are right.' }
    }
    if (client instanceof WeChatPay) {
      await client.transactions.query({ out_trade_no: NO_ORDER }, { signal })
    } else if (client instanceof WeChatPayV2) {
      await client.orders.query({ out_trade_no: NO_ORDER }, { signal })
    } else return undefined
    return { level: 'ok', area, text: 'a signed call got a response.' }
  } catch (error) {
    if (!isWeixinKitError(error)) throw error
    if (error instanceof ApiError && EXPECTED.has(error.upstreamCode)) {
      return { level: 'ok', area, text: 'a signed call was accepted and its response verified.' }
    }
    const hint = error instanceof ApiError && error.hint ? ` ${error.hint.zh}` : ''
    return { level: 'error', area, text: `${error.code}: ${error.message}${hint}` }
  }
}
