import type { ConfigError } from '../../errors/index.ts'
import { invalidParam } from '../../internal/invalid-param.ts'

export function invalid(operation: string, name: string | undefined, problem: string): ConfigError {
  return invalidParam('pay', operation, name, problem)
}
