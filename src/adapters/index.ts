// One published file for all converters: each is a few lines, and a file more costs an import more than they do.
export * from './express.ts'
export * from './fastify.ts'
export * from './koa.ts'
export * from './node.ts'
