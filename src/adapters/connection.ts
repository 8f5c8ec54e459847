import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'

/** NGHTTP2_INTERNAL_ERROR */
const INTERNAL_ERROR = 2

/**
 * Stream of an HTTP/2 response, which has no `destroyed`, and whose `writableFinished` is also true if the client
 * disconnected.
 */
const streamOf = (res: ServerResponse) => (res as { stream?: Http2ServerResponse['stream'] }).stream

/** Whether the client has disconnected and the response cannot be delivered. */
export const isGone = (res: ServerResponse): boolean =>
  (res as { destroyed?: boolean }).destroyed ?? streamOf(res)?.destroyed === true

/** Whether a closed response was delivered completely. */
export function isComplete(res: ServerResponse): boolean {
  const stream = streamOf(res)
  return stream ? !stream.aborted && stream.rstCode === 0 : res.writableFinished
}

/**
 * Ends a response so that the client sees that it is incomplete. A destroyed HTTP/2 stream would end as if it were
 * complete.
 */
export function cutOff(res: ServerResponse): void {
  const stream = streamOf(res)
  if (stream) stream.close(INTERNAL_ERROR)
  else res.destroy()
}
