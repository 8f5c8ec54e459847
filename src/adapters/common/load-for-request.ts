import type { IncomingMessage } from 'node:http'
import type { LazyPart } from '../../internal/lazy-part.ts'

/**
 * Loads what an early request needs. Until then the request keeps its body, which would flow past if anybody else listened to it;
 * who reads it resumes it, and Node drops one that nobody reads.
 *
 * @throws {ConfigError} ERR_MISSING_DEPENDENCY
 */
export function loadForRequest<T>(part: LazyPart<T>, req: IncomingMessage): Promise<T> {
  // Over HTTP/2, Node never closes a stream that was paused before anybody read it. The request of a unit test may have no `pause`.
  if (req.httpVersionMajor !== 2 || req.readableFlowing) req.pause?.()
  return part.load()
}
