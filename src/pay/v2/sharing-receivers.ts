import type { OptionCheck } from '../../core/options.ts'
import { UnexpectedResponseError } from '../../errors/index.ts'
import { fen } from '../common/fen.ts'
import { chars, type WireFields } from './params.ts'
import type { ResultFields } from './result.ts'

export const outShareNo = chars(64, /^[0-9A-Za-z_|*@-]{1,64}$/, '1 to 64 of the characters 0-9 A-Z a-z _ - | * @')

const TYPES = ['MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID']
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const checkAccount = ({ type, account }: Readonly<Record<string, unknown>>) =>
  !TYPES.includes(String(type))
    ? `must have a type of ${TYPES.join(', ')}`
    : typeof account !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(account)
      ? 'must have an account: a merchant id or an openid'
      : undefined

/** 1 to 50 receivers, each with an amount, none twice. (分账: receivers) */
export const checkReceivers: OptionCheck = (value) => {
  if (!Array.isArray(value) || value.length < 1 || value.length > 50) return 'must be a list of 1 to 50 receivers'
  const seen = new Set<string>()
  for (const [index, receiver] of value.entries()) {
    const wrong = isObject(receiver) ? checkShare(receiver, seen) : 'must be an object'
    if (wrong) return `[${index}] ${wrong}`
  }
  return JSON.stringify(value).length > 10_240 ? 'must have at most 10240 characters as JSON' : undefined
}

function checkShare(receiver: Readonly<Record<string, unknown>>, seen: Set<string>): string | undefined {
  const { type, account, amount, description } = receiver
  const wrong = checkAccount(receiver)
  if (wrong) return wrong
  if (seen.has(`${type} ${account}`)) return 'is listed twice: WeChat Pay allows a receiver only once per request'
  seen.add(`${type} ${account}`)
  const wrongAmount = fen()(amount)
  if (wrongAmount) return `amount ${wrongAmount}`
  const wrongText = chars(80)(description)
  return wrongText || description === '' ? `description ${wrongText ?? 'is required'}` : undefined
}

/** A receiver to add. (添加分账接收方: receiver) */
export const checkReceiver: OptionCheck = (value) => {
  if (!isObject(value)) return 'must be an object'
  const { type, name, relation_type, custom_relation } = value
  const wrong = checkAccount(value)
  if (wrong) return wrong
  if (type === 'MERCHANT_ID' && !name) return 'must have the registered name of the merchant'
  if (typeof relation_type !== 'string' || relation_type === '') return 'must have a relation_type, e.g. SUPPLIER'
  if (relation_type === 'CUSTOM' && (chars(10)(custom_relation) || !custom_relation)) {
    return 'must have a custom_relation of at most 10 characters'
  }
  return JSON.stringify(value).length > 2048 ? 'must have at most 2048 characters as JSON' : undefined
}

/** A receiver to remove. */
export const checkRemoval: OptionCheck = (value) => (isObject(value) ? checkAccount(value) : 'must be an object')

/** Returns the shares of a response, if any, after checking that they are those of the request. */
export function readReceivers(result: ResultFields, sent: Readonly<WireFields>): ResultFields {
  if (result.receivers === undefined) return result
  const receivers = parseList(result.receivers)
  const asked = parseList(sent.receivers)
  for (const { account, amount } of asked) {
    if (!receivers.some((one) => one.account === account && one.amount === amount)) throw unexpected('other receivers')
  }
  return { ...result, receivers }
}

/** Returns the shares of a query; a finish may have none. */
export function readSharing(result: ResultFields): ResultFields {
  return { ...result, receivers: result.receivers === undefined ? [] : parseList(result.receivers) }
}

/** Returns the receiver of a response, which must be that of the request. */
export function readReceiver(result: ResultFields, sent: Readonly<WireFields>): ResultFields {
  const [receiver = {}] = parseList(`[${result.receiver}]`)
  const [asked = {}] = parseList(`[${sent.receiver}]`)
  if (receiver.type !== asked.type || receiver.account !== asked.account) throw unexpected('another receiver')
  return { ...result, receiver }
}

/** Newer documents name the account after its kind. */
function parseList(text: unknown): ResultFields[] {
  let list: unknown
  try {
    list = JSON.parse(String(text))
  } catch (cause) {
    throw unexpected('receivers that are not JSON', cause)
  }
  if (!Array.isArray(list) || !list.every(isObject)) throw unexpected('receivers that are not a list of objects')
  return list.map(({ receiver_account, receiver_mchid, ...rest }) => {
    const account = rest.account ?? receiver_account ?? receiver_mchid
    if (rest.amount !== undefined && !Number.isSafeInteger(rest.amount))
      throw unexpected('an amount that is not an integer')
    return { ...rest, account }
  })
}

function unexpected(what: string, cause?: unknown): UnexpectedResponseError {
  return new UnexpectedResponseError(`profitSharing: the response has ${what}.`, { product: 'pay', cause })
}
