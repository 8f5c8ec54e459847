import { UnexpectedResponseError } from '../errors/index.ts'

/**
 * Kind of a notification, recognised by its content: `event_type` does not distinguish a share from a payment. `other`:
 * only its `event_type` says what it is.
 */
export type NotificationKind =
  | 'payment'
  | 'partnerPayment'
  | 'combinedPayment'
  | 'overseasPayment'
  | 'parking'
  | 'unpaid'
  | 'refund'
  | 'share'
  | 'shareReturn'
  | 'transfer'
  | 'transferAuthorization'
  | 'contract'
  | 'serviceOrder'
  | 'payscorePermission'
  | 'other'

type Resource = Readonly<Record<string, unknown>>

interface Envelope {
  readonly id: string
  readonly event_type: string
  readonly summary?: string
}

interface Classified extends Envelope {
  readonly kind: NotificationKind
  readonly resource: unknown
}

/** One kind of content. Rows are tried in order; the first that matches wins. */
interface KindRow {
  matches(resource: Resource): boolean
  /** Event types with which it is sent; with another one it is refused. */
  readonly events: RegExp
  kindOf(resource: Resource, envelope: Envelope): NotificationKind
  /** Numbers that identify the event, by dotted names; unless all are present, the id of the notification is used. */
  readonly key: readonly string[]
  /** Additional values that distinguish states, if present. */
  readonly state?: readonly string[]
}

const isText = (value: unknown) => typeof value === 'string' && value !== ''
const isObject = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const at = (resource: Resource, name: string): unknown =>
  name.split('.').reduce<unknown>((value, part) => (isObject(value) ? value[part] : undefined), resource)

const isReturn = ({ event_type: type, summary = '' }: Envelope) =>
  type === 'PROFITSHARING.RETURN' || (type === 'TRANSACTION.SUCCESS' && summary.includes('回退'))
const isPaid = ({ trade_state: state }: Resource) => state === 'SUCCESS'

const PAYMENT_EVENTS = /^TRANSACTION\.(SUCCESS|FAIL|PAY_BACK)$/
/** Events whose content decides the kind. For all others the event type does. */
const DECIDED_BY_CONTENT =
  /^(TRANSACTION\.(SUCCESS|FAIL|PAY_BACK)|REFUND\.|PROFITSHARING\.|MCHTRANSFER\.(BILL|AUTHORIZATION)\.|ENTRUST\.(SIGN|TERMINATE)$|PAYSCORE\.USER_(CONFIRM|PAID|OPEN_SERVICE|CLOSE_SERVICE)$)/

const ROWS: readonly KindRow[] = [
  {
    matches: ({ receiver, order_id: order }) => isObject(receiver) && isText(order),
    events: /^(PROFITSHARING\.(SUCCESS|RETURN)|TRANSACTION\.SUCCESS)$/,
    kindOf: (_, envelope) => (isReturn(envelope) ? 'shareReturn' : 'share'),
    key: ['order_id', 'receiver.account']
  },
  {
    matches: (resource) => 'combine_out_trade_no' in resource || 'combine_mchid' in resource,
    events: PAYMENT_EVENTS,
    kindOf: ({ sub_orders: orders }) =>
      Array.isArray(orders) && orders.length > 0 && orders.every((order) => isObject(order) && isPaid(order))
        ? 'combinedPayment'
        : 'unpaid',
    key: ['combine_out_trade_no', 'combine_mchid']
  },
  {
    matches: ({ refund_id: id, refund_status: status }) => isText(id) && isText(status),
    events: /^REFUND\./,
    kindOf: () => 'refund',
    key: ['refund_id', 'refund_status']
  },
  {
    matches: (resource) => 'trade_scene' in resource || 'parking_info' in resource,
    events: PAYMENT_EVENTS,
    kindOf: () => 'parking',
    key: ['out_trade_no', 'trade_state']
  },
  {
    matches: ({ trade_state: state, transaction_id: id, amount }) =>
      isText(state) && isText(id) && isObject(amount) && Number.isSafeInteger(amount.total),
    events: PAYMENT_EVENTS,
    kindOf: (resource) => (!isPaid(resource) ? 'unpaid' : 'sp_mchid' in resource ? 'partnerPayment' : 'payment'),
    key: ['transaction_id', 'trade_state']
  },
  {
    matches: ({ trade_state: state, transaction_id: transaction, id, amount }) =>
      isText(state) && isText(id) && !transaction && isObject(amount) && Number.isSafeInteger(amount.total),
    events: PAYMENT_EVENTS,
    kindOf: (resource) => (isPaid(resource) ? 'overseasPayment' : 'unpaid'),
    key: ['id', 'trade_state']
  },
  {
    matches: (resource) => isText(resource.trade_state) && !isPaid(resource) && isText(resource.out_trade_no),
    events: PAYMENT_EVENTS,
    kindOf: () => 'unpaid',
    key: ['out_trade_no', 'trade_state']
  },
  {
    matches: ({ transfer_bill_no: bill, state }) => isText(bill) && isText(state),
    events: /^MCHTRANSFER\.BILL\./,
    kindOf: () => 'transfer',
    key: ['transfer_bill_no', 'state']
  },
  {
    matches: ({ out_authorization_no: number, state }) => isText(number) && isText(state),
    events: /^MCHTRANSFER\.AUTHORIZATION\./,
    kindOf: () => 'transferAuthorization',
    key: ['out_authorization_no', 'state']
  },
  {
    matches: ({ contract_id: id, contract_state: state }) => isText(id) && isText(state),
    events: /^ENTRUST\.(SIGN|TERMINATE)$/,
    kindOf: () => 'contract',
    key: ['contract_id', 'contract_state']
  },
  {
    matches: ({ service_id: service, out_order_no: number, state }) =>
      isText(service) && isText(number) && isText(state),
    events: /^PAYSCORE\.USER_(CONFIRM|PAID)$/,
    kindOf: () => 'serviceOrder',
    key: ['out_order_no', 'state'],
    // The money may be paid in parts, each with a notification.
    state: ['sub_mchid', 'state_description', 'collection.state', 'collection.paid_amount']
  },
  {
    // For a user of the sub-merchant's app there is no other openid.
    matches: ({ service_id: service, openid, sub_openid: subOpenid, user_service_status: status }) =>
      isText(service) && (isText(openid) || isText(subOpenid)) && isText(status),
    events: /^PAYSCORE\.USER_(OPEN|CLOSE)_SERVICE$/,
    kindOf: () => 'payscorePermission',
    key: ['service_id', 'openid', 'user_service_status', 'openorclose_time'],
    state: ['sub_mchid', 'authorization_code']
  }
]

/**
 * Returns the kind of a notification.
 *
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE if content and event type contradict each other
 */
export function kindOf(envelope: Envelope, content: object): NotificationKind {
  const { event_type: type } = envelope
  const resource = content as Resource
  const row = rowOf(type, resource)
  if (!row) return 'other'
  const kind = row.kindOf(resource, envelope)
  const isAnotherState =
    (kind === 'refund' && `REFUND.${resource.refund_status}` !== type) ||
    (kind === 'contract' && (resource.contract_state === 'SIGNED') !== (type === 'ENTRUST.SIGN')) ||
    (kind === 'payscorePermission' && `PAYSCORE.${resource.user_service_status}` !== type)
  if (row.events.test(type) && !isAnotherState) return kind
  throw new UnexpectedResponseError(
    `A genuine ${type} notification has the content of another event (${kind}). It was not acknowledged: investigate it.`,
    { product: 'pay' }
  )
}

/** Returns a key that is the same for every delivery of one event. */
export function eventKeyOf({ id, event_type: type, kind, resource }: Classified): string {
  const content = resource as Resource
  const row = rowOf(type, content)
  if (!row) return encode([type, id])
  const numbers = row.key.map((name) => at(content, name))
  const state = (row.state ?? []).map((name) => String(at(content, name) ?? ''))
  return encode([kind, ...(numbers.every(isText) ? [...(numbers as string[]), ...state] : [id])])
}

function rowOf(type: string, resource: Resource): KindRow | undefined {
  return DECIDED_BY_CONTENT.test(type) ? ROWS.find((candidate) => candidate.matches(resource)) : undefined
}

function encode(parts: readonly string[]): string {
  // JSON can contain a lone surrogate, which a URL cannot.
  return parts.map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd'))).join(':')
}
