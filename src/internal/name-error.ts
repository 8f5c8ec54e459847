import { WeixinKitError } from '../errors/index.ts'

/** Tells an error which call and which step of it failed, unless an inner call named itself first. */
export function nameError(error: unknown, facts: { operation?: string; step?: string }): void {
  if (!(error instanceof WeixinKitError)) return
  for (const name of ['operation', 'step'] as const) {
    const value = facts[name]
    if (value === undefined || error[name] !== undefined) continue
    Object.defineProperty(error, name, { value, enumerable: true })
  }
}
