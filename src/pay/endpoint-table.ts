import type { Endpoint } from './endpoint.ts'

/**
 * A table of endpoints by the names of its lines. Its type has these names and no more: with every line of every table the
 * published declarations would be half as long again.
 */
export function tableOf<Name extends string>(lines: Record<Name, Endpoint>): Readonly<Record<Name, Endpoint>> {
  return lines
}
