import type { IncomingMessage, ServerResponse } from 'node:http'

export type Framework = 'node' | 'express' | 'koa' | 'fastify'

export interface Origin {
  protocol: string
  host: string
}

/** Whether the framework was configured to trust a proxy; or protocol and host as it made them out itself. */
export type Trust = (context: unknown) => boolean | Origin

/** A request as it lies in a framework. */
export interface Received {
  readonly framework: Framework
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** Path and query as they were received, whatever a router cut off since. */
  readonly url: string
  /** What parsers left, if one ran. */
  readonly body: unknown
  readonly rawBody: unknown
  readonly trust: Trust
  /** The argument of `trust`: one function serves all requests. */
  readonly context: unknown
}
