import { valuesAt } from './check-params.ts'
import type { Endpoint, Params } from './endpoint.ts'
import type { Account } from './prepare-call.ts'
import { unexpected } from './read-response.ts'

/** Names of numbers, amounts and accounts: a response that repeats them must have the sent values. */
const IDENTITY =
  /(?:^|_)(?:no|id|number|mchid|appid|openid|account|amount|total|refund|(?:authorization|contract|coupon)_code)$/
/** Fields that name this merchant wherever they occur. */
const MERCHANT_FIELDS = ['mchid', 'mch_id', 'sp_mchid', 'combine_mchid']
const APP_FIELDS = ['appid', 'sp_appid', 'combine_appid']

/**
 * Checks that a verified response is what the endpoint promises and belongs to this request: each number, amount and
 * account that it repeats is compared with the sent one, including nested ones and entries of lists.
 *
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
 */
export function checkResponse(
  operation: string,
  { empty, expects, echo, echoIn, echoEach, encrypted }: Endpoint,
  sent: Params = {},
  value: unknown,
  account: Account
): unknown {
  if (empty) return undefined
  if (!isObject(value)) throw unexpected(operation, 'expected a JSON object as the response.', 200)
  for (const name of expects ?? []) {
    const found = valuesAt(value, name)[0]?.[1]
    if (typeof found !== 'string' || found === '')
      throw unexpected(operation, `the response has no text field ${name}.`, 200)
  }
  const repeated = echoIn === undefined ? value : value[echoIn]
  if (!isObject(repeated)) throw unexpected(operation, `the response has no object ${echoIn}.`, 200)
  for (const name of echo ?? []) {
    const ours = valuesAt(sent, name)[0]?.[1]
    if (ours === undefined || ours === null) continue
    const theirs = valuesAt(repeated, name)[0]?.[1]
    if (String(theirs) !== String(ours)) throw mixedUp(operation, name, theirs === undefined)
  }
  const different = findDifference(sent, repeated, '', encrypted ?? []) ?? findStranger(repeated, sent, account)
  if (different !== undefined) throw mixedUp(operation, different, false)
  const entries = echoEach === undefined ? [] : value[echoEach]
  for (const entry of Array.isArray(entries) ? entries.filter(isObject) : []) {
    const other = findDifference(sent, entry, `${echoEach}[]`, [])
    if (other !== undefined) throw mixedUp(operation, other, false)
  }
  return value
}

/** Name of the first identity that differs between response and request. */
function findDifference(sent: Params, received: Params, at: string, encrypted: readonly string[]): string | undefined {
  for (const name of Object.keys(sent)) {
    const ours = sent[name]
    const theirs = received[name]
    const path = at === '' ? name : `${at}.${name}`
    if (ours === undefined || ours === null || theirs === undefined || theirs === null || theirs === '') continue
    if (Array.isArray(ours) && Array.isArray(theirs)) {
      const entries = theirs.filter(isObject)
      // A list may have more entries and another order, but must contain each sent entry.
      const isLost = (entry: unknown) =>
        isObject(entry) && !entries.some((other) => findDifference(entry, other, `${path}[]`, encrypted) === undefined)
      if (entries.length > 0 && ours.some(isLost)) return path
    } else if (isObject(ours) && isObject(theirs)) {
      const different = findDifference(ours, theirs, path, encrypted)
      if (different !== undefined) return different
    } else if (IDENTITY.test(name) && !encrypted.includes(path) && String(theirs) !== String(ours)) {
      return path
    }
  }
  return undefined
}

/** Name of a field that should name this merchant or one of its apps, but names another. */
function findStranger(received: Params, sent: Params, { mchId, appIds }: Account): string | undefined {
  const merchant = MERCHANT_FIELDS.find((name) => isOther(received[name], [mchId], sent[name]))
  if (merchant !== undefined || appIds.length === 0) return merchant
  return APP_FIELDS.find((name) => isOther(received[name], appIds, sent[name]))
}

function isOther(value: unknown, ours: readonly string[], sent: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== sent && !ours.includes(String(value))
}

function mixedUp(operation: string, name: string, isMissing: boolean) {
  const why = isMissing ? 'it has none' : 'both are genuine: a response was mixed up or replayed'
  return unexpected(operation, `the response is about another ${name} than the request (${why}).`, 200)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
