/**
 * The type of everything in this library that receives HTTP. Hono, Next route handlers, Bun, Deno and Workers use it
 * directly; `weixin-kit/express`, `/koa`, `/fastify` and `/node` have adapters for it.
 */
export type FetchHandler = (request: Request) => Promise<Response>
