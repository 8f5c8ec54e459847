import type { BenchCase } from './case.ts'
import { serverCase } from './gateway-client.ts'

/** The same framework on both sides, with an equivalent route written by hand as the floor (`route` of gateway-floor.ts). */
export const cases: BenchCase[] = [
  serverCase('Express 5', 'express', 0.9),
  serverCase('Koa 3', 'koa', 0.9),
  serverCase('Fastify 5', 'fastify', 0.9),
  serverCase('node:http', 'node', 0.9),
  // Not prescribed: what a handler costs that needs a Request, because it was wrapped.
  serverCase('node:http, a handler that needs Request and Response', 'node with Request', 0.25)
]
