import type { RequestOptions } from '../core/client-options.ts'
import { holdStreams, isStream } from '../core/late/hold-streams.ts'
import { keepParams } from '../core/late/keep-params.ts'
import type { UploadSource } from './upload-params.ts'

/** Holds the source of an upload that waits for its code. One that the caller aborts meanwhile is ended, as later too. */
export async function holdSource<T>(
  source: UploadSource,
  options: RequestOptions,
  upload: (held: UploadSource, onStart: () => void) => Promise<T>
): Promise<T> {
  const held = holdStreams(isStream(source) ? [source] : [])
  let isStarted = false
  try {
    return await upload(isDescription(source) ? keepParams(source) : source, () => {
      isStarted = true
    })
  } finally {
    if (!isStarted && options?.signal?.aborted) held.end()
    else held.release()
  }
}

/** `{ file }` or `{ url }`, which the caller may fill anew. */
function isDescription(source: unknown): boolean {
  return typeof source === 'object' && source !== null && !isStream(source) && ('file' in source || 'url' in source)
}
