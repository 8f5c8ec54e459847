import { ConnectionError, UnexpectedResponseError } from '../errors/index.ts'
import { parseJsonResponse, type ResponseContext } from './read-response.ts'

/** A binary response whose first bytes have been checked: WeChat sends errors as JSON with status 200 in its place. */
export interface BinaryResponse {
  readonly contentType: string
  readonly contentDisposition: string | null
  readonly contentLength: number | undefined
  /** What arrived first, for a look at the kind of file; `body` has it too. */
  readonly head: Uint8Array
  readonly body: ReadableStream<Uint8Array>
}

/** Never a file. `text/plain` may be either: WeChat labels some files that way. */
const STRUCTURED = /^(?:text\/(?:html|xml)|application\/(?:json|javascript|xml))/
const BRACE = 0x7b
/** No error is longer, so no more than this of a file that begins like one is buffered. */
const LONGEST_ERROR_BYTES = 64 * 1024
const LONGEST_TEXT_BYTES = 10 * 1024 * 1024

/**
 * Returns the requested binary, or the JSON that was sent in its place.
 *
 * @returns The binary, or the JSON object if it is not an error.
 * @throws {WeChatApiError} ERR_WECHAT_API
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE: empty, HTML, or a status other than 2xx.
 */
export async function readBinaryResponse(
  response: Response,
  context: ResponseContext
): Promise<{ binary: BinaryResponse } | { json: Record<string, unknown> }> {
  const contentType = (response.headers.get('content-type') ?? '').toLowerCase()
  const isStructured = STRUCTURED.test(contentType) || !response.ok
  const isPlain = contentType === '' || contentType.startsWith('text/')
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined
  const { chunks, isComplete } = reader
    ? await readHead(reader, isStructured, isPlain)
    : { chunks: [], isComplete: true }
  const head = Buffer.concat(chunks)
  if (isComplete && head.length === 0) {
    throw new UnexpectedResponseError(`${context.operation}: expected a file from WeChat, got an empty body.`, {
      product: context.product,
      status: response.status
    })
  }
  const isBraced = firstByte(head) === BRACE
  const isText = isStructured || (isBraced && (isPlain || (isComplete && looksLikeAnswer(head))))
  if (!reader || isText) {
    await reader?.cancel().catch(() => undefined)
    const json = await parseJsonResponse(head.toString('utf8'), response.status, context)
    return { json: json as Record<string, unknown> }
  }
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  return {
    binary: {
      contentType,
      contentDisposition: response.headers.get('content-disposition'),
      contentLength: Number.isSafeInteger(length) && !response.headers.has('content-encoding') ? length : undefined,
      head,
      body: continueStream(head, isComplete, reader, context)
    }
  }
}

/** Reads on as long as the bytes may be JSON; for a file one chunk is enough. */
async function readHead(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  isStructured: boolean,
  isPlain: boolean
): Promise<{ chunks: Uint8Array[]; isComplete: boolean }> {
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { chunks, isComplete: true }
    if (value.byteLength === 0) continue
    chunks.push(value)
    length += value.byteLength
    const mayBeText = isStructured || firstByte(chunks[0] ?? value) === BRACE
    const limit = isStructured || isPlain ? LONGEST_TEXT_BYTES : LONGEST_ERROR_BYTES
    if (!mayBeText || length > limit) return { chunks, isComplete: false }
  }
}

/** The first byte that is neither white space nor part of a byte order mark. */
function firstByte(bytes: Uint8Array): number | undefined {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte
  }
  return undefined
}

/** Speex and amr may begin with any byte, so a brace alone does not mean JSON. */
function looksLikeAnswer(head: Buffer): boolean {
  return (
    head[0] === 0x7b &&
    /^\{\s*"(?:errcode|errmsg|video_url|down_url|title|news_item)"/.test(head.toString('latin1', 0, 64))
  )
}

function continueStream(
  head: Buffer,
  isComplete: boolean,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { operation, product }: ResponseContext
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(head)
      if (isComplete) controller.close()
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (cause) {
        const message = `${operation}: the connection failed while the file was read. Download it again.`
        controller.error(isTransportFailure(cause) ? new ConnectionError(message, { cause, product }) : cause)
      }
    },
    cancel: (reason) => reader.cancel(reason)
  })
}

/** Any other error of a stream is the caller's reason for the abort, which is passed on unchanged. */
function isTransportFailure(cause: unknown): boolean {
  if (!(cause instanceof Error) || cause.name === 'AbortError') return false
  return cause instanceof TypeError || typeof (cause as { code?: unknown }).code === 'string'
}
