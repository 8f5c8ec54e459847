import { encryptSensitive } from '../../crypto/pay-v3.ts'
import { V3Failure } from '../failures.ts'
import { post, type V3Call, type V3Route } from './route.ts'
import { APPID, compact, type Json, object, opt, secret, str, text } from './shape.ts'
import { RECEIVER_TYPE, SUB } from './sharing-order.ts'

const RECEIVER = { ...SUB, appid: APPID, sub_appid: opt(APPID), type: RECEIVER_TYPE, account: text(1, 64) }
const ADD = object({
  ...RECEIVER,
  name: opt(secret()),
  relation_type: text(1, 32),
  custom_relation: opt(text(1, 10))
})

/** Under which a merchant knows a receiver. */
export const receiverKey = (mchId: string, receiver: Json): string =>
  `${mchId} ${str(receiver, 'type')} ${str(receiver, 'account')}`

function addReceiver({ world, merchant, body }: V3Call): Json {
  if (str(body, 'type') === 'MERCHANT_ID' && !str(body, 'name')) {
    throw new V3Failure(400, 'PARAM_ERROR', '分账接收方类型是MERCHANT_ID时，name必填')
  }
  const key = receiverKey(merchant.mchId, body)
  if (!world.receivers.get(key)) world.receivers.add({ key })
  const name = str(body, 'name')
  const publicKey = world.context.keys.merchant(merchant.mchId).publicKey
  return compact({
    sub_mchid: str(body, 'sub_mchid'),
    type: str(body, 'type'),
    account: str(body, 'account'),
    name: name && encryptSensitive(name, publicKey),
    relation_type: str(body, 'relation_type'),
    custom_relation: str(body, 'custom_relation')
  })
}

function deleteReceiver({ world, merchant, body }: V3Call): Json {
  const receiver = world.receivers.get(receiverKey(merchant.mchId, body))
  if (!receiver) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '分账接收方不存在')
  world.receivers.remove(receiver)
  return compact({ sub_mchid: str(body, 'sub_mchid'), type: str(body, 'type'), account: str(body, 'account') })
}

const BASE = '/v3/profitsharing/receivers'

export const SHARING_RECEIVER_ROUTES: readonly V3Route[] = [
  post(`${BASE}/add`, { body: ADD }, addReceiver),
  post(`${BASE}/delete`, { body: object(RECEIVER) }, deleteReceiver)
]
