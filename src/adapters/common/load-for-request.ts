import type { IncomingMessage } from 'node:http'
import type { LazyPart } from '../../internal/lazy-part.ts'

/**
 * Loads what an early request needs. Until then the request keeps its body, which would flow past if anybody else listened to it;
 * whoever reads it resumes it, and Node drops one that nobody began to read.
 *
 * @throws {ConfigError} ERR_MISSING_DEPENDENCY
 */
export async function loadForRequest<T>(part: LazyPart<T>, req: IncomingMessage): Promise<T> {
  const isFlowing = req.readableFlowing === true
  // Over HTTP/2, Node never closes a stream that was paused before anybody read it. The request of a unit test may have no `pause`.
  if (req.httpVersionMajor !== 2 || isFlowing) req.pause?.()
  try {
    return await part.load()
  } finally {
    // For those who listened before, also where the handler needs no body: otherwise it would block the connection. A turn later,
    // so that whoever reads it on behalf of the handler listens by then.
    if (isFlowing) setImmediate(() => req.resume())
  }
}
