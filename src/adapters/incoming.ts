import type { IncomingMessage, ServerResponse } from 'node:http'

export type Framework = 'node' | 'express' | 'koa' | 'fastify'

/** A request as it lies in a framework. */
export interface Incoming {
  framework: Framework
  req: IncomingMessage
  res: ServerResponse
  /** Path and query as they were received, whatever a router cut off since. */
  url: string
  /** What parsers left, if one ran. */
  body: unknown
  rawBody: unknown
  /** Whether the framework was told to trust a proxy. */
  isProxyTrusted: boolean
}
