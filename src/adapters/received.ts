import type { IncomingMessage, ServerResponse } from 'node:http'

export type Framework = 'node' | 'express' | 'koa' | 'fastify'

export interface Origin {
  protocol: string
  host: string
}

/** Whether the framework is configured to trust a proxy; or protocol and host as the framework determined them. */
export type Trust = (context: unknown) => boolean | Origin

/** A request as a framework provides it. */
export interface Received {
  readonly framework: Framework
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** Path and query as received, before a router cut anything off. */
  readonly url: string
  /** The body that a parser left, if one ran. */
  readonly body: unknown
  readonly rawBody: unknown
  readonly trust: Trust
  /** The argument of `trust`: one function serves all requests. */
  readonly context: unknown
}
