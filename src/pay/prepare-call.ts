import type { KeyObject } from 'node:crypto'
import type { QueryValue } from '../core/endpoints.ts'
import { appId as appIdRule } from '../core/options.ts'
import { ConfigError } from '../errors/index.ts'
import { checkParams, choosePath, invalid, namesIn, toWire } from './check-params.ts'
import type { AccountField, Endpoint, Params } from './endpoint.ts'
import type { PayCall } from './pay-call.ts'
import { queryOf } from './unknown-result.ts'

/** State shared by the calls and notifications of one merchant. */
export interface Account {
  readonly mchId: string
  readonly appId: string | undefined
  /** Apps whose orders and notifications are accepted; empty: any. */
  readonly appIds: readonly string[]
  readonly subMchId: string | undefined
  readonly subAppId: string | undefined
  readonly notifyUrl: string | undefined
  readonly privateKey: KeyObject
  readonly apiV3Key: KeyObject
  /** Decrypts what was encrypted before the APIv3 key was changed. */
  readonly formerApiV3Key: KeyObject | undefined
  /** The value sent in `serial_no`. */
  readonly serial: string
}

/**
 * Builds the call of an endpoint: copies, completes and checks the parameters, and puts them into path, query or body.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM, ERR_CONFIG
 */
export function prepareCall(operation: string, endpoint: Endpoint, params: unknown, account: Account): PayCall {
  const given = toWire(operation, params, exampleOf(endpoint))
  const wire: Record<string, unknown> = { ...filled(operation, endpoint, given, account), ...given }
  for (const name in endpoint.defaults) wire[name] ??= endpoint.defaults[name]
  const template = choosePath(operation, endpoint, wire)
  checkParams(operation, endpoint, template, wire)
  const call: PayCall = {
    operation,
    method: endpoint.method,
    path: fillPath(operation, template, wire),
    idempotent: endpoint.idempotent !== false,
    encrypted: endpoint.encrypted,
    decrypted: endpoint.decrypted,
    money: endpoint.money && { open: endpoint.money.open, query: queryOf(endpoint.money, wire) }
  }
  const inPath = namesIn(template)
  const rest =
    inPath.length === 0 ? wire : Object.fromEntries(Object.entries(wire).filter(([name]) => !inPath.includes(name)))
  if (endpoint.method === 'GET' || endpoint.method === 'DELETE') call.query = asQuery(operation, rest)
  else if (endpoint.inQuery) {
    const isInQuery = ([name]: [string, unknown]) => endpoint.inQuery?.includes(name)
    call.query = asQuery(operation, Object.fromEntries(Object.entries(rest).filter(isInQuery)))
    call.json = Object.fromEntries(Object.entries(rest).filter((entry) => !isInQuery(entry)))
  }
  // Encryption changes the body in place, but not the parameters with which the response is compared.
  else if (Object.keys(rest).length > 0) call.json = endpoint.encrypted ? structuredClone(rest) : rest
  call.sent = wire
  return call
}

/** The names of required parameters, or of the alternative numbers. */
function exampleOf({ path, rules = {}, fill = {} }: Endpoint): string {
  if (typeof path !== 'string') return ` such as { ${Object.keys(path).join(' } or { ')} }`
  const required = Object.keys(rules).filter((name) => rules[name]?.required && !/[.[]/.test(name))
  const asked = [...new Set([...namesIn(path), ...required])].filter((name) => !(name in fill))
  return asked.length === 0 ? '' : ` such as { ${asked.join(', ')} }`
}

/** Fields that the client knows and the caller did not pass. */
function filled(operation: string, { fill }: Endpoint, given: Params, account: Account): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const name in fill) {
    const field: AccountField | undefined = fill[name]
    if (field === undefined) continue
    if (field === 'mchId' && given[name] !== undefined) {
      throw invalid(operation, name, 'is filled by the client: leave it out')
    }
    const value =
      field === 'appId'
        ? appIdOf(operation, account, name, given[name])
        : field === 'ownMchId'
          ? account.mchId
          : account[field]
    if (value !== undefined) values[name] = value
  }
  return values
}

/**
 * The appid of a call: the given one, which must belong to this client, or the client's default.
 *
 * @throws {ConfigError} ERR_CONFIG, ERR_INVALID_PARAM
 */
export function appIdOf(operation: string, { appId, appIds }: Account, name = 'appid', given?: unknown): string {
  if (typeof given === 'string' && appIdRule(given) === undefined) {
    // Its notifications would be refused.
    if (appIds.length > 0 && !appIds.includes(given)) {
      throw invalid(operation, name, 'is not an app of this client: add it to the option furtherAppIds')
    }
    return given
  }
  if (given !== undefined && given !== null) throw invalid(operation, name, appIdRule(given) ?? 'must be an appid')
  if (appId !== undefined) return appId
  throw new ConfigError(`${operation} needs an appid: set the option appId of the client. Nothing was sent.`, {
    option: 'appId',
    product: 'pay'
  })
}

function fillPath(operation: string, template: string, wire: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = wire[name]
    if (typeof value !== 'string' || value === '') throw invalid(operation, name, 'is required, as text')
    // URL parsers remove a segment of dots, so another resource would be requested.
    if (/^\.+$/.test(value) || value.length > 512) throw invalid(operation, name, 'is not a valid number or id')
    return encodeURIComponent(value)
  })
}

function asQuery(operation: string, values: Readonly<Record<string, unknown>>): Record<string, QueryValue> {
  const query: Record<string, QueryValue> = {}
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'object' && value !== null) throw invalid(operation, name, 'must be text, a number or a flag')
    query[name] = value as QueryValue
  }
  return query
}
