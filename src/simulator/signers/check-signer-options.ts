import { ConfigError } from '../../errors/index.ts'

/**
 * Checks the options of a test message. A kind of damage that does not exist would leave the message whole, and a test that expects
 * a refusal would see a success.
 *
 * @throws {ConfigError} ERR_CONFIG for what is missing, and for a `tamper` that is not one of `damages`
 */
export function checkSignerOptions(
  owner: string,
  options: object,
  needed: readonly string[],
  damages: readonly string[]
): void {
  const given: Readonly<Record<string, unknown>> = { ...options }
  const missing = needed.filter((name) => given[name] === undefined || given[name] === null)
  if (missing.length > 0) {
    const names = missing.map((name) => `"${name}"`).join(', ')
    throw new ConfigError(`${owner}: the options ${names} are required.`, { option: missing[0], product: 'simulator' })
  }
  const { tamper } = given
  if (tamper === undefined || damages.includes(String(tamper))) return
  const known = damages.map((name) => `"${name}"`).join(', ')
  throw new ConfigError(`${owner}: option "tamper" must be one of ${known}, or undefined.`, {
    option: 'tamper',
    product: 'simulator'
  })
}
