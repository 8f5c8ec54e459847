import type { ByteResponse } from '../core/byte-handler.ts'
import { DecryptError } from '../errors/index.ts'
import type { Notification, RefundNotification } from './notification.ts'

/** The fields of an API v2 refund notification that are used. */
interface XmlRefund {
  mch_id: string
  sub_mch_id?: string | undefined
  transaction_id: string
  out_trade_no: string
  refund_id?: string | undefined
  out_refund_no: string
  total_fee: number
  refund_fee: number
  refund_status: string
  success_time?: string | undefined
  refund_recv_accout?: string | undefined
}

/** Reads refund notifications of API v2: a `WeChatPayV2` of the same merchant. */
export interface RefundReader {
  /**
   * Verifies and decrypts a refund notification of API v2.
   *
   * @param body The raw bytes of the request.
   * @returns The refund.
   * @throws {DecryptError} ERR_DECRYPT_KEY, ERR_DECRYPT_MALFORMED
   */
  parseRefundNotification(body: Uint8Array): XmlRefund | Promise<XmlRefund>
}

const STATUS: Readonly<Record<string, string>> = { CHANGE: 'ABNORMAL', REFUNDCLOSE: 'CLOSED' }

/** Whether a body is XML, by its first byte that is not white space. */
export function isXml(body: Uint8Array): boolean {
  return body.find((byte) => byte > 0x20) === 0x3c
}

/**
 * Converts the notification of a refund made in the merchant platform to the form of API v3. (退款结果回调通知) Such
 * notifications are sent as XML of API v2, whatever the URL.
 *
 * @throws {DecryptError} {BodyError} {UnexpectedResponseError}
 */
export async function readXmlRefund(
  v2: RefundReader,
  body: Uint8Array,
  mchId: string
): Promise<Notification<RefundNotification>> {
  const refund = await v2.parseRefundNotification(body)
  if (refund.mch_id !== mchId) {
    throw new DecryptError('appid', 'The refund notification is not for this merchant (mchId).', { product: 'pay' })
  }
  const status = STATUS[refund.refund_status] ?? refund.refund_status
  const { sub_mch_id: sub, out_refund_no, refund_id = out_refund_no, success_time: time } = refund
  const resource: RefundNotification = {
    ...(sub === undefined ? { mchid: mchId } : { sp_mchid: mchId, sub_mchid: sub }),
    out_trade_no: refund.out_trade_no,
    transaction_id: refund.transaction_id,
    out_refund_no,
    refund_id,
    refund_status: status,
    ...(time ? { success_time: `${time.replace(' ', 'T')}+08:00` } : {}),
    ...(refund.refund_recv_accout === undefined ? {} : { user_received_account: refund.refund_recv_accout }),
    amount: { total: refund.total_fee, refund: refund.refund_fee }
  }
  return {
    // The same for every delivery, and for the API v3 notification of the same refund.
    id: `refund:${encodeURIComponent(refund_id)}:${encodeURIComponent(status)}`,
    create_time: resource.success_time ?? '',
    event_type: `REFUND.${status}`,
    kind: 'refund',
    resource
  }
}

export function acknowledgeXml(): ByteResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>'
  }
}
