import type { Exchange } from '../framework/exchange.ts'
import { type Route, route } from '../framework/service.ts'
import { answerRefusal, answerYunpian, YunpianRefusal } from './refusal.ts'
import { accountLabel, fromBeijing, type YunpianAccountState, type YunpianState } from './state.ts'

/** A call with a valid apikey. */
export interface YunpianCall {
  readonly state: YunpianState
  readonly own: YunpianAccountState
  readonly form: URLSearchParams
}

/** A row for a call; what the handler returns is the body of the response. */
export function call(state: YunpianState, path: string, handler: (call: YunpianCall) => unknown): Route {
  return route('*', path, (exchange) => {
    try {
      return answerYunpian(handler(open(state, exchange)))
    } catch (error) {
      if (error instanceof YunpianRefusal) return answerRefusal(error)
      throw error
    }
  })
}

function open(state: YunpianState, exchange: Exchange): YunpianCall {
  if (exchange.method !== 'POST') throw new YunpianRefusal(11)
  const type = exchange.headers.get('content-type') ?? ''
  const form = /^application\/x-www-form-urlencoded\b/i.test(type) ? exchange.form() : new URLSearchParams()
  const apiKey = required(form, 'apikey')
  const own = state.accounts.get(apiKey)
  if (!own) throw new YunpianRefusal(-1)
  exchange.account = accountLabel(apiKey)
  exchange.verified('apikey')
  return { state, own, form }
}

export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (value === null || value === '') throw new YunpianRefusal(1, `参数 ${name} 必须传入`)
  return value
}

/** An integer parameter within bounds. */
export function integer(form: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
  const text = form.get(name)
  if (text === null || text === '') return fallback
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max) throw new YunpianRefusal(2, `参数 ${name} 格式不正确`)
  return value
}

/** `start_time` and `end_time`, in milliseconds. */
export function period(form: URLSearchParams): { from: number; to: number } {
  const from = fromBeijing(required(form, 'start_time'))
  const to = fromBeijing(required(form, 'end_time'))
  if (!(from <= to)) throw new YunpianRefusal(2, 'start_time 或 end_time 格式不正确')
  return { from, to }
}

/** A page of a list, by `page_num` (1 is the first) and `page_size`. */
export function page<T>(form: URLSearchParams, list: readonly T[]): T[] {
  const number = integer(form, 'page_num', 1, 1, 1_000_000)
  const size = integer(form, 'page_size', 20, 1, 100)
  return list.slice((number - 1) * size, number * size)
}
