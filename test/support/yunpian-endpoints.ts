import type { Endpoint } from '../../src/yunpian/endpoint.ts'
import { FAMILIES } from '../../src/yunpian/families.ts'

type Row = Pick<Endpoint<unknown, unknown>, 'host' | 'path' | 'idempotent'>

/** Every call of the client, e.g. `sms.singleSend`, with its row. */
export const YUNPIAN_ENDPOINTS: Readonly<Record<string, Row>> = Object.fromEntries(
  Object.entries(FAMILIES).flatMap(([family, rows]) =>
    Object.entries<Row>(rows).map(([name, row]) => [`${family}.${name}`, row] as const)
  )
)
