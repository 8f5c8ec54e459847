import { signal } from '@preact/signals'
import type { StateView } from '../framework/views.ts'

/** The time of the simulator, ticking. */
export const businessTime = signal(Date.now())

let known: { readonly state: StateView; readonly at: number } | undefined

export function tick(): void {
  if (!known) return
  const { state, at } = known
  businessTime.value = state.isManual ? state.now : state.now + Math.round(performance.now() - at)
}

/** What the simulator said last. */
export function setTime(state: StateView): void {
  known = { state, at: performance.now() }
  tick()
}

export const startTicking = (): unknown => setInterval(tick, 1000)
