import type { SimulatorClock } from './clock.ts'
import type { Exchange } from './exchange.ts'

/**
 * The time that signatures and deadlines of a call are measured with, in ms: in this process the clock of the simulator, over
 * HTTP the real time. A client over HTTP that was given the clock of the simulator is met on that.
 */
export function transportTime(clock: SimulatorClock, exchange: Exchange): number {
  if (exchange.transport === 'fetch' || exchange.transport === 'msw') return clock.now()
  const real = clock.transport()
  const { peerTime } = exchange
  if (peerTime === undefined) return real
  return Math.abs(peerTime - real) <= Math.abs(peerTime - clock.now()) ? real : clock.now()
}

/**
 * A moment that a caller names by its own clock, on the clock of the simulator: half an hour from now stays half an hour
 * after `advance`.
 */
export function fromPeer(clock: SimulatorClock, exchange: Exchange, time: number): number {
  return time + clock.now() - transportTime(clock, exchange)
}
