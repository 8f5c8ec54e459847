import type { Exchange } from './exchange.ts'
import type { Fault } from './faults.ts'

/**
 * One upstream system. A service is made by `createXService(context: SimulatorContext)` and listed in `services.ts`.
 *
 * ```ts
 * export function createPingService(context: SimulatorContext): SimulatorService {
 *   const rows = [route('GET', '/ping/:name', (exchange, { name }) => Response.json({ name }))]
 *   const routes = createRoutes(rows)
 *   const host = 'ping.example.com'
 *   return { name: 'ping', hosts: [host], endpoints: listRoutes(host, rows), handle: (exchange) => routes(exchange) ?? notFound() }
 * }
 * ```
 */
export interface SimulatorService {
  readonly name: string
  /** Host names; a `*` stands for any run of letters, digits and dashes (`up*.qiniup.com`). */
  readonly hosts: readonly string[]
  /** Every simulated call, as `POST host/path`; `*` in place of a method that is not looked at. */
  readonly endpoints: readonly string[]
  handle(exchange: Exchange): Promise<Response> | Response
  /** The response that {@link Fault} means in this protocol; `undefined` leaves it to the framework. */
  fault?(
    exchange: Exchange,
    fault: Fault,
    real: Response | undefined
  ): Promise<Response | undefined> | Response | undefined
  /** Everything that must survive a restart: the state as it is, of which {@link toStateJson} makes JSON. */
  snapshot?(): unknown
  restore?(state: unknown): void
}

export type RouteParams = Readonly<Record<string, string>>
export type RouteHandler = (exchange: Exchange, params: RouteParams) => Promise<Response> | Response

export interface Route {
  readonly method: string
  readonly pattern: string
  readonly handler: RouteHandler
}

/**
 * A row of a route table.
 *
 * @param method HTTP method, or `*` for any.
 * @param pattern Path in which `:name` stands for one segment (percent-decoded for the handler) and a final `*name` for the rest.
 */
export function route(method: string, pattern: string, handler: RouteHandler): Route {
  return { method, pattern, handler }
}

/** The rows of a table as text, `POST host/path`; `*` in place of a method that is not looked at. */
export function listRoutes(host: string, rows: readonly Route[]): string[] {
  return rows.map(({ method, pattern }) => `${method} ${host}${pattern}`)
}

interface CompiledRoute {
  readonly route: Route
  readonly expression: RegExp
  readonly names: readonly string[]
}

function compile(row: Route): CompiledRoute {
  const names: string[] = []
  const source = row.pattern.replace(/[.+?^${}()|[\]\\]|:(\w+)|\*(\w+)$/g, (all, segment?: string, rest?: string) => {
    if (segment) names.push(segment)
    if (rest) names.push(rest)
    return segment ? '([^/]+)' : rest ? '(.*)' : `\\${all}`
  })
  return { route: row, expression: new RegExp(`^${source}$`), names }
}

/** Routes an exchange by method and path; `undefined` when no row fits the path. */
export type RouteTable = (exchange: Exchange) => Promise<Response> | Response | undefined

/**
 * Makes a route table.
 *
 * @param wrongMethod Answers a path that exists with another method; by default such a path does not exist.
 */
export function createRoutes(
  rows: readonly Route[],
  wrongMethod?: (exchange: Exchange, route: Route) => Promise<Response> | Response
): RouteTable {
  const exact = new Map<string, Route[]>()
  const patterns: CompiledRoute[] = []
  for (const row of rows) {
    if (/[:*]\w/.test(row.pattern)) patterns.push(compile(row))
    else exact.set(row.pattern, [...(exact.get(row.pattern) ?? []), row])
  }
  return (exchange) => {
    const fits = (row: Route) => row.method === '*' || row.method === exchange.method
    const candidates = exact.get(exchange.path) ?? []
    const found = candidates.find(fits)
    if (found) return found.handler(exchange, {})
    let other = candidates[0]
    for (const { route: row, expression, names } of patterns) {
      const match = expression.exec(exchange.path)
      if (!match) continue
      if (!fits(row)) {
        other ??= row
        continue
      }
      return row.handler(exchange, Object.fromEntries(names.map((name, i) => [name, decode(match[i + 1] ?? '')])))
    }
    return other && wrongMethod ? wrongMethod(exchange, other) : undefined
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
