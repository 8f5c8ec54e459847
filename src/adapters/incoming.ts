import type { IncomingMessage, ServerResponse } from 'node:http'

export type Framework = 'node' | 'express' | 'koa' | 'fastify'

export interface Origin {
  protocol: string
  host: string
}

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
  /** Whether the framework was told to trust a proxy; or protocol and host as it made them out itself. */
  trust: (context: unknown) => boolean | Origin
  /** What `trust` is given: one function serves all requests. */
  context: unknown
}
