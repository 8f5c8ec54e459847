import { WeChatPay } from 'weixin-kit/pay'
import type { Endpoint } from '../../src/pay/endpoint.ts'
import { BASE_OPTIONS } from './pay-v3.ts'

export interface PayRow {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly endpoint: Partial<Endpoint>
}

/** Every endpoint of every family of the v3 client, also of families that do not exist yet; one for each path. */
export function rowsOf(pay = new WeChatPay(BASE_OPTIONS)): PayRow[] {
  const rows = Object.entries(pay).flatMap(([family, resource]: [string, object]) => {
    const table = (resource?.constructor as { rows?: Record<string, Partial<Endpoint>> } | undefined)?.rows ?? {}
    return Object.entries(table).flatMap(([name, endpoint]) => {
      const { path = '', method = 'POST' } = endpoint
      const paths = typeof path === 'string' ? [path] : Object.values(path)
      return paths.map((one) => ({ operation: nameOf(family, name, endpoint), method, path: one, endpoint }))
    })
  })
  return [...rows, { operation: 'platformKeys.download', method: 'GET', path: '/v3/certificates', endpoint: {} }]
}

/** Uploads name their operation, because the row is called after the kind of file. */
function nameOf(family: string, name: string, endpoint: object): string {
  return 'operation' in endpoint ? String(endpoint.operation) : `${family}.${name}`
}
