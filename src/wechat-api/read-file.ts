import { UnexpectedResponseError } from '../errors/index.ts'
import { readBinaryResponse } from './binary-response.ts'
import { DownloadedFile } from './downloaded-file.ts'
import type { ResponseContext } from './read-response.ts'

/**
 * Reads a file where no other response is possible.
 *
 * @throws {WeChatApiError} ERR_WECHAT_API for the JSON error that WeChat sends in its place.
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
 */
export async function readFile(response: Response, context: ResponseContext, id: string): Promise<DownloadedFile> {
  const answer = await readBinaryResponse(response, context)
  if ('binary' in answer) return new DownloadedFile(answer.binary, id, context.product)
  throw new UnexpectedResponseError(`${context.operation}: expected a file from WeChat, got JSON.`, {
    product: context.product,
    status: response.status
  })
}
