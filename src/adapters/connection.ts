import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'

/** NGHTTP2_INTERNAL_ERROR */
const INTERNAL_ERROR = 2

/** Of a response of HTTP/2, whose `destroyed` is missing and whose `writableFinished` is true when the client went away as well. */
const streamOf = (res: ServerResponse) => (res as { stream?: Http2ServerResponse['stream'] }).stream

/** Nobody takes the response any more. */
export const isGone = (res: ServerResponse): boolean =>
  (res as { destroyed?: boolean }).destroyed ?? streamOf(res)?.destroyed === true

/** Whether a response that was closed had been given to the client as a whole. */
export function isComplete(res: ServerResponse): boolean {
  const stream = streamOf(res)
  return stream ? !stream.aborted && stream.rstCode === 0 : res.writableFinished
}

/** Ends a response so that the client sees that something is missing. A stream of HTTP/2 that is destroyed would end as if it were whole. */
export function cutOff(res: ServerResponse): void {
  const stream = streamOf(res)
  if (stream) stream.close(INTERNAL_ERROR)
  else res.destroy()
}
