import type { RequestOptions } from '../core/client-options.ts'
import { keepParams } from '../core/late/keep-params.ts'
import type { UploadSource } from './upload-params.ts'

/** As much as is needed of a `Readable`, a `ReadableStream` and an async generator. */
interface Stream {
  on?: (event: 'error', listener: () => void) => unknown
  off?: (event: 'error', listener: () => void) => unknown
  destroy?: () => unknown
  cancel?: () => unknown
  return?: () => unknown
}

/**
 * Holds the source of an upload that waits for its code. A stream that breaks meanwhile would end the process, because nobody listens yet:
 * its error is for the upload, which meets it at the first read. One that the caller aborts meanwhile is ended, as later too.
 */
export async function holdSource<T>(
  source: UploadSource,
  options: RequestOptions,
  upload: (held: UploadSource, onStart: () => void) => Promise<T>
): Promise<T> {
  const stream = streamOf(source)
  stream?.on?.('error', ignore)
  let isStarted = false
  try {
    return await upload(isDescription(source) ? keepParams(source) : source, () => {
      isStarted = true
    })
  } finally {
    // Of one that is ended here errors stay ignored: it may tell of them while it closes.
    if (stream && !isStarted && options?.signal?.aborted) end(stream)
    else stream?.off?.('error', ignore)
  }
}

function ignore(): void {}

function streamOf(source: unknown): Stream | undefined {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source
    ? (source as Stream)
    : undefined
}

/** `{ file }` or `{ url }`, which the caller may fill anew. */
function isDescription(source: unknown): boolean {
  return typeof source === 'object' && source !== null && !streamOf(source) && ('file' in source || 'url' in source)
}

async function end(stream: Stream): Promise<void> {
  const close = stream.destroy ?? stream.cancel ?? stream.return
  try {
    await close?.call(stream)
  } catch {
    // Somebody else reads it, and ends it.
  }
}
