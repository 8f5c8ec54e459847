import { Refusal } from './errcodes.ts'
import type { WeChatState } from './state.ts'

interface CallLimit {
  readonly day?: number | undefined
  readonly minute?: number | undefined
}

/** Calls per account, day and minute. Paths that are absent have the default. */
const DEFAULT_LIMITS: Readonly<Record<string, CallLimit>> = {
  '/cgi-bin/token': { day: 10_000 },
  '/cgi-bin/stable_token': { day: 500_000, minute: 10_000 },
  '/cgi-bin/ticket/getticket': { day: 1_000_000 },
  '/cgi-bin/message/template/send': { day: 100_000 },
  '/cgi-bin/menu/create': { day: 1_000 },
  '/cgi-bin/menu/get': { day: 10_000 },
  '/cgi-bin/menu/delete': { day: 1_000 },
  '/wxa/getwxacodeunlimit': { minute: 5_000 },
  '/wxa/msg_sec_check': { day: 2_000_000, minute: 4_000 },
  '/wxa/media_check_async': { day: 200_000, minute: 2_000 }
}
const FALLBACK: CallLimit = { day: 5_000_000 }
const DAY_MS = 86_400_000
const CHINA_OFFSET_MS = 8 * 3_600_000

/** Day in China, where quotas start again at midnight. */
export function chinaDay(ms: number): string {
  return String(Math.floor((ms + CHINA_OFFSET_MS) / DAY_MS))
}

export function chinaMonth(ms: number): string {
  return new Date(ms + CHINA_OFFSET_MS).toISOString().slice(0, 7)
}

function limitOf(wx: WeChatState, path: string): CallLimit {
  return wx.limitsPerPath.get(path) ?? DEFAULT_LIMITS[path] ?? FALLBACK
}

function dayKey(wx: WeChatState, appId: string, path: string): string {
  return `${appId}\n${path}\nd${chinaDay(wx.now)}`
}

/** Counts a call; refuses it with 45009 (day) or 45011 (minute). */
export function countCall(wx: WeChatState, appId: string, path: string): void {
  const limit = limitOf(wx, path)
  const day = dayKey(wx, appId, path)
  const today = (wx.calls.get(day) ?? 0) + 1
  if (limit.day !== undefined && today > limit.day) throw new Refusal(45009)
  if (limit.minute !== undefined) {
    const minute = `${appId}\n${path}\nm${Math.floor(wx.now / 60_000)}`
    const count = (wx.calls.get(minute) ?? 0) + 1
    if (count > limit.minute) throw new Refusal(45011)
    wx.calls.set(minute, count)
  }
  wx.calls.set(day, today)
}

/** `quota/get` of one path. */
export function quotaOf(
  wx: WeChatState,
  appId: string,
  path: string
): { daily_limit: number; used: number; remain: number } {
  const limit = limitOf(wx, path).day ?? 0
  const used = wx.calls.get(dayKey(wx, appId, path)) ?? 0
  return { daily_limit: limit, used, remain: Math.max(0, limit - used) }
}

/** Forgets today's calls of an account, or of one path. */
export function clearCalls(wx: WeChatState, appId: string, path?: string): void {
  for (const key of [...wx.calls.keys()]) {
    const [owner, called] = key.split('\n')
    if (owner === appId && (path === undefined || called === path)) wx.calls.delete(key)
  }
}

/** One of the ten resets per month. */
export function useQuotaClear(wx: WeChatState, appId: string): void {
  const state = wx.of(appId)
  if (!state) throw new Refusal(40013)
  const month = chinaMonth(wx.now)
  if (state.quotaClears.month !== month) state.quotaClears = { month, count: 0 }
  if (state.quotaClears.count >= 10) throw new Refusal(48006)
  state.quotaClears.count++
}
