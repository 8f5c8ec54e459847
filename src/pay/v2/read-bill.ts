import { UnexpectedResponseError } from '../../errors/index.ts'
import { Bill } from '../common/bill.ts'
import { collect, parseXmlAnswer, payErrorOf } from './answer.ts'

/**
 * Tells a bill from a refusal by its first byte: a refusal is XML. (下载交易账单: 返回结果)
 *
 * @throws {WeChatPayError} ERR_WECHAT_PAY
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
 */
export async function readBill(response: Response, operation: string, signal?: AbortSignal): Promise<Bill> {
  const { status } = response
  const iterator = response.body ? (response.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]() : undefined
  const first = await iterator?.next()
  if (!iterator || !first || first.done) {
    throw new UnexpectedResponseError(`${operation}: the answer is empty.`, { product: 'pay', status })
  }
  const body = resume(first.value, iterator)
  const isBill = status === 200 && !isMarkup(first.value)
  if (isBill) return new Bill({ operation, body, signal })
  const fields = parseXmlAnswer(await collect(body, status, operation), status, operation)
  if (fields.return_code !== 'SUCCESS' || fields.result_code === 'FAIL') throw payErrorOf(fields, status, operation)
  throw new UnexpectedResponseError(`${operation}: expected a bill, got XML without an error.`, {
    product: 'pay',
    status
  })
}

/** Whether the text begins with `<`, behind a byte order mark and white space. */
function isMarkup(bytes: Uint8Array): boolean {
  return /^(?:\xef\xbb\xbf)?\s*</.test(Buffer.from(bytes.subarray(0, 32)).toString('latin1'))
}

async function* resume(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield first
    for (let item = await rest.next(); !item.done; item = await rest.next()) yield item.value
  } finally {
    // A reader who stops early must not leave the connection open.
    await rest.return?.()
  }
}
