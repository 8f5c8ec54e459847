import { UnexpectedResponseError } from '../../errors/index.ts'
import { Bill, peek } from '../common/bill.ts'
import { payErrorOf } from './pay-error.ts'
import { collect, parseXmlResponse } from './read-response.ts'

/**
 * Distinguishes a bill from a refusal by its first byte: a refusal is XML. (下载交易账单: 返回结果)
 *
 * @throws {WeChatPayError} ERR_WECHAT_PAY
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
 */
export async function readBill(response: Response, operation: string, signal?: AbortSignal): Promise<Bill> {
  const { status } = response
  const { head, body } = await peek(response.body ?? empty())
  if (head.byteLength === 0) {
    throw new UnexpectedResponseError(`${operation}: the response is empty.`, { product: 'pay', status })
  }
  const isBill = status === 200 && !isMarkup(head)
  if (isBill) return new Bill({ operation, body, signal })
  const fields = parseXmlResponse(await collect(body, status, operation), status, operation)
  if (fields.return_code !== 'SUCCESS' || fields.result_code === 'FAIL') throw payErrorOf(fields, status, operation)
  throw new UnexpectedResponseError(`${operation}: expected a bill, got XML without an error.`, {
    product: 'pay',
    status
  })
}

/** Whether the text begins with `<`, after a byte order mark and white space. */
function isMarkup(bytes: Uint8Array): boolean {
  return /^(?:\xef\xbb\xbf)?\s*</.test(Buffer.from(bytes.subarray(0, 32)).toString('latin1'))
}

async function* empty(): AsyncGenerator<Uint8Array, void, undefined> {}
