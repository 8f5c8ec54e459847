import { ConfigError, type Product } from '../errors/index.ts'

/** Makes the error for a wrong parameter. Names come from outside and are truncated. */
export function invalidParam(
  product: Product,
  operation: string,
  name: string | undefined,
  problem: string
): ConfigError {
  const subject = name === undefined ? operation : `${operation}: parameter "${name.slice(0, 64)}"`
  return new ConfigError(`${subject} ${problem}.`, {
    code: 'ERR_INVALID_PARAM',
    option: name,
    product
  })
}
