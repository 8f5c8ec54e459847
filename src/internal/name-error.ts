import { type Outcome, WeixinKitError } from '../errors/index.ts'

/**
 * Adds to an error which call and which step failed, and the outcome of the money, unless an inner call did so first.
 */
export function nameError(error: unknown, facts: { operation?: string; step?: string; outcome?: Outcome }): void {
  if (!(error instanceof WeixinKitError)) return
  for (const name of ['operation', 'step', 'outcome'] as const) {
    const value = facts[name]
    if (value === undefined || error[name] !== undefined) continue
    Object.defineProperty(error, name, { value, enumerable: true, configurable: true })
  }
}

/** Runs an inner step of a call; errors it throws carry the name of the step. */
export async function inStep<T>(step: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    nameError(error, { step })
    throw error
  }
}
