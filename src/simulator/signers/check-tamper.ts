/**
 * A kind of damage that does not exist would leave the message whole, and a test that expects a refusal would see a success.
 *
 * @throws {TypeError} for a `tamper` that is not one of `known`
 */
export function checkTamper(owner: string, tamper: unknown, known: readonly string[]): void {
  if (tamper === undefined || known.includes(tamper as string)) return
  throw new TypeError(`${owner}: option "tamper" must be one of ${known.join(', ')}, or undefined.`)
}
