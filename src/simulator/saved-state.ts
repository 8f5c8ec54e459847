import { ConfigError } from '../errors/index.ts'
import type { SimulatorContext } from './framework/context.ts'
import type { SimulatorService } from './framework/service.ts'
import type { SimulatorServices } from './services.ts'

/** The complete state that `snapshot` saves, as JSON. */
export interface SimulatorSnapshot {
  readonly version: 1
  /** Milliseconds since 1970. */
  readonly time: number
  readonly random: number
  readonly users: unknown
  readonly services: Readonly<Record<string, unknown>>
}

/** @internal The live state, which `toStateJson` converts to JSON. */
export function stateOf({ clock, random, users }: SimulatorContext, services: SimulatorServices): SimulatorSnapshot {
  const states = Object.entries(services).map(([name, service]: [string, SimulatorService]) => [
    name,
    service.snapshot?.() ?? null
  ])
  return {
    version: 1,
    time: clock.now(),
    random: random.counter,
    users: users.snapshot(),
    services: Object.fromEntries(states)
  }
}

/**
 * @internal
 * @throws {ConfigError} ERR_INVALID_PARAM
 */
export function restoreState(
  { clock, random, users }: SimulatorContext,
  services: SimulatorServices,
  snapshot: SimulatorSnapshot
): void {
  if (snapshot?.version !== 1 || typeof snapshot.services !== 'object' || !Number.isFinite(snapshot.time)) {
    const message = 'simulator.restore: expected the result of snapshot() of this version.'
    throw new ConfigError(message, { code: 'ERR_INVALID_PARAM', option: 'snapshot', product: 'simulator' })
  }
  clock.resumeAt(snapshot.time)
  random.counter = snapshot.random
  users.restore(snapshot.users)
  for (const [name, service] of Object.entries(services) as [string, SimulatorService][]) {
    const state = snapshot.services[name]
    if (state !== null && state !== undefined) service.restore?.(state)
  }
}
