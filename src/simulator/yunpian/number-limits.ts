import { YunpianRefusal } from './refusal.ts'
import type { YunpianState } from './state.ts'

const MINUTES_5 = 5 * 60_000
const HOUR = 60 * 60_000
const DAY = 24 * HOUR

/** Refuses what a number got too often; counts it otherwise with {@link countMessage}. */
export function checkNumber(state: YunpianState, mobile: string, text: string): void {
  const { now, limits } = state
  if (state.blockedNumbers.has(mobile)) throw new YunpianRefusal(10)
  const history = (state.history.get(mobile) ?? []).filter(({ at }) => now - at < DAY)
  const within = (ms: number) => history.filter(({ at }) => now - at < ms)
  const same = (ms: number) => within(ms).filter((one) => one.text === text).length
  if (same(limits.repeatMs) > 0) throw new YunpianRefusal(8)
  if (same(MINUTES_5) >= limits.sameContentIn5Minutes) throw new YunpianRefusal(9)
  if (within(HOUR).length >= limits.perHour) throw new YunpianRefusal(22)
  if (history.length >= limits.perDay) throw new YunpianRefusal(17)
}

export function countMessage(state: YunpianState, mobile: string, text: string): void {
  const { now } = state
  const history = (state.history.get(mobile) ?? []).filter(({ at }) => now - at < DAY)
  history.push({ text, at: now })
  state.history.set(mobile, history)
}
