import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { RequestOptions } from '../core/client-options.ts'
import { BodyError, ConfigError, TimeoutError, UnexpectedResponseError, WeixinKitError } from '../errors/index.ts'
import { onAbort } from '../internal/on-abort.ts'
import type { QiniuContext } from './context.ts'
import type { UploadSource } from './upload-params.ts'

/** A source that is being read. */
export interface OpenedSource {
  chunks: AsyncIterable<Uint8Array>
  totalBytes?: number | undefined
  fileName?: string | undefined
  mimeType?: string | undefined
  /** Opens it again from the start; absent for a stream, which can be read only once. */
  reopen?: () => Promise<OpenedSource>
  /** Maximum idle time of a remote source in milliseconds. */
  stallTimeoutMs?: number
}

/** Common interface of remote sources: a `fetch` response, WeChat material. */
export interface RemoteContent {
  body: ReadableStream<Uint8Array>
  totalBytes?: number | undefined
  fileName?: string | undefined
  mimeType?: string | undefined
}

/** Opens the source of the caller. */
export async function openSource(
  context: QiniuContext,
  source: UploadSource,
  options: RequestOptions
): Promise<OpenedSource> {
  if (source instanceof Uint8Array) {
    const chunks = async function* () {
      yield source
    }
    const opened = { chunks: chunks(), totalBytes: source.byteLength }
    return { ...opened, reopen: async () => ({ ...opened, chunks: chunks() }) }
  }
  if (source instanceof Blob) return openBlob(source)
  if (typeof source === 'object' && source !== null) {
    // Checked first, because a node:http message is a stream that also has a "url".
    if (Symbol.asyncIterator in source) return { chunks: source }
    if ('file' in source) return openFile(source.file)
    if ('url' in source) return openRemote(context, () => download(context, source.url, options))
  }
  throw new ConfigError(
    'upload: expected bytes (Uint8Array), a Blob, a stream, { file } or { url }. Encode text with new TextEncoder().encode(text).',
    { code: 'ERR_INVALID_PARAM', option: 'source', product: 'qiniu' }
  )
}

/** Opens the result of `get`, as often as needed. */
export async function openRemote(context: QiniuContext, get: () => Promise<RemoteContent>): Promise<OpenedSource> {
  const { body, ...about } = await get()
  return {
    ...about,
    chunks: body as unknown as AsyncIterable<Uint8Array>,
    stallTimeoutMs: context.uploadTimeoutMs,
    reopen: () => openRemote(context, get)
  }
}

/**
 * Splits a source into parts of `partSize` bytes; the last may be shorter. Holds one part in memory. Closes the source
 * if iteration stops early.
 */
export async function* readParts(
  source: OpenedSource,
  partSize: number,
  signal: AbortSignal | undefined
): AsyncGenerator<Buffer> {
  const iterator = iterate(source.chunks)
  let held: Uint8Array[] = []
  let heldBytes = 0
  let length = 0
  let isFinished = false
  try {
    for (;;) {
      const next = await readChunk(iterator, source.stallTimeoutMs, signal)
      if (next.done) break
      let chunk = asBytes(next.value)
      length += chunk.byteLength
      while (heldBytes + chunk.byteLength >= partSize) {
        const room = partSize - heldBytes
        held.push(chunk.subarray(0, room))
        chunk = chunk.subarray(room)
        yield Buffer.concat(held, partSize)
        held = []
        heldBytes = 0
      }
      if (chunk.byteLength > 0) held.push(chunk)
      heldBytes += chunk.byteLength
    }
    isFinished = true
    if (source.totalBytes !== undefined && length !== source.totalBytes) {
      throw new BodyError('malformed', `The source ended after ${length} of ${source.totalBytes} bytes.`, {
        product: 'qiniu'
      })
    }
    if (heldBytes > 0) yield Buffer.concat(held, heldBytes)
  } finally {
    if (!isFinished) Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}

function iterate(chunks: AsyncIterable<Uint8Array>): AsyncIterator<Uint8Array> {
  try {
    return chunks[Symbol.asyncIterator]()
  } catch (cause) {
    throw new ConfigError(
      'upload: the stream is locked or has already been read; a stream can be uploaded only once.',
      {
        code: 'ERR_INVALID_PARAM',
        option: 'source',
        product: 'qiniu',
        cause
      }
    )
  }
}

async function readChunk(
  iterator: AsyncIterator<Uint8Array>,
  stallTimeoutMs: number | undefined,
  signal: AbortSignal | undefined
): Promise<IteratorResult<Uint8Array>> {
  signal?.throwIfAborted()
  let timer: NodeJS.Timeout | undefined
  let stopWatching: (() => void) | undefined
  const interruption = new Promise<never>((_, reject) => {
    if (signal) stopWatching = onAbort(signal, () => reject(signal.reason))
    if (stallTimeoutMs !== undefined) {
      const message = `The source of the upload produced no bytes for ${stallTimeoutMs} ms (option timeoutMs).`
      timer = setTimeout(() => reject(new TimeoutError(message, { product: 'qiniu' })), stallTimeoutMs)
    }
  })
  try {
    return await Promise.race([iterator.next(), interruption])
  } catch (cause) {
    if (signal?.aborted || cause instanceof WeixinKitError) throw cause
    throw new BodyError('malformed', 'The source of the upload failed before its end; see cause.', {
      cause,
      product: 'qiniu'
    })
  } finally {
    clearTimeout(timer)
    stopWatching?.()
  }
}

function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  throw new ConfigError(
    `upload: the stream produced ${typeof chunk === 'string' ? 'text' : 'something'} instead of bytes; do not set an encoding.`,
    { code: 'ERR_INVALID_PARAM', option: 'source', product: 'qiniu' }
  )
}

function openBlob(blob: Blob): OpenedSource {
  const { size, type } = blob
  return {
    chunks: blob.stream() as unknown as AsyncIterable<Uint8Array>,
    totalBytes: size,
    fileName: 'name' in blob ? String(blob.name) : undefined,
    mimeType: type || undefined,
    reopen: async () => openBlob(blob)
  }
}

async function openFile(file: string | URL): Promise<OpenedSource> {
  let totalBytes: number
  try {
    totalBytes = (await stat(file)).size
  } catch (cause) {
    throw new ConfigError('upload: the file cannot be read; see cause.', {
      code: 'ERR_INVALID_PARAM',
      option: 'file',
      product: 'qiniu',
      cause
    })
  }
  const fileName = String(file).split(/[\\/]/).pop()
  return { chunks: createReadStream(file), totalBytes, fileName, reopen: () => openFile(file) }
}

/** Fetches the content of a URL as a stream. */
export async function download(
  context: QiniuContext,
  url: string | URL,
  { signal }: RequestOptions
): Promise<RemoteContent> {
  if (!URL.canParse(String(url)) || !/^https?:$/.test(new URL(String(url)).protocol)) {
    throw new ConfigError('upload: option "url" must be an absolute http: or https: URL.', {
      code: 'ERR_INVALID_PARAM',
      option: 'url',
      product: 'qiniu'
    })
  }
  return context.http.call(
    {
      operation: 'upload (download)',
      method: 'GET',
      url: new URL(String(url)),
      idempotent: true,
      read: async (response) => {
        if (!response.ok || !response.body) {
          await response.body?.cancel()
          const message = `upload: the source responded with HTTP ${response.status} instead of the content.`
          throw new UnexpectedResponseError(message, { product: 'qiniu', status: response.status })
        }
        const length = response.headers.get('content-length')
        // With a content encoding, the length does not match the bytes that fetch returns.
        const isPlain = !response.headers.has('content-encoding')
        return {
          body: response.body as ReadableStream<Uint8Array>,
          totalBytes: length !== null && isPlain ? Number(length) : undefined,
          mimeType: response.headers.get('content-type') ?? undefined
        }
      }
    },
    signal ? { signal } : {}
  )
}
