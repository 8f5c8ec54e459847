import { UnexpectedResponseError } from '../errors/index.ts'
import { readBinaryResponse } from './binary-response.ts'
import { DownloadedFile } from './downloaded-file.ts'
import type { ResponseContext } from './read-response.ts'

/** A whole picture. */
export interface Picture {
  bytes: Uint8Array
  contentType: 'image/jpeg' | 'image/png'
}

const LIMIT_BYTES = 16 * 1024 * 1024

/**
 * Reads a JPEG or PNG, recognised by its first bytes instead of its header.
 *
 * @throws {WeChatApiError} ERR_WECHAT_API for the JSON error that WeChat sends in its place.
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
 */
export async function readPicture(response: Response, context: ResponseContext): Promise<Picture> {
  const answer = await readBinaryResponse(response, context)
  if ('binary' in answer) {
    const bytes = await new DownloadedFile(answer.binary, 'picture', context.product).bytes(LIMIT_BYTES)
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return { bytes, contentType: 'image/jpeg' }
    if (bytes[0] === 0x89 && bytes[1] === 0x50) return { bytes, contentType: 'image/png' }
  }
  throw new UnexpectedResponseError(`${context.operation}: expected a JPEG or PNG picture from WeChat, got neither.`, {
    product: context.product,
    status: response.status
  })
}
