import type { RequestOptions } from '../core/client-options.ts'
import { Late } from '../core/late/late.ts'
import { lazyPart } from '../internal/lazy-part.ts'
import type { Calls, CallsOptions } from './calls.ts'
import { holdSource } from './hold-source.ts'
import type { UploadParams, UploadSource } from './upload-params.ts'
import type { UploadResult } from './upload-result.ts'

/** One for all clients: whatever only calls and callbacks need. */
const part = lazyPart(() => import('./calls.ts'))

/** The calls of one client. What makes them is loaded in the background from now on, and waited for by the first of them. */
export type LateCalls = Late<typeof import('./calls.ts'), Calls>

export function makeLateCalls(options: CallsOptions): LateCalls {
  return new Late(part, ({ Calls }) => new Calls(options))
}

/** An upload. Its source is handed on as it is: bytes are not copied, and a stream is first read by the upload itself. */
export function uploadLate(
  late: LateCalls,
  source: UploadSource,
  params: UploadParams,
  options: RequestOptions
): Promise<UploadResult> {
  const upload = (held: UploadSource, onStart?: () => void) =>
    late.run(params, options, (calls, ...given) => {
      onStart?.()
      return calls.upload(held, ...given)
    })
  return part.loaded ? upload(source) : holdSource(source, options, upload)
}
