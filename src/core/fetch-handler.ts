/**
 * Everything of this library that receives HTTP is one of these. Hono, Next route handlers, Bun, Deno and Workers take it
 * as it is; `weixin-kit/express`, `/koa`, `/fastify` and `/node` have adapters for it.
 */
export type FetchHandler = (request: Request) => Promise<Response>
