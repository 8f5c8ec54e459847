export type { HandlerRequest } from './byte-handler.ts'
export type {
  ClientOptions,
  DispatcherLike,
  FetchLike,
  RequestOptions
} from './client-options.ts'
export type { FetchHandler } from './fetch-handler.ts'
export { acquireLock, type Lock, type LockOptions } from './lock.ts'
export type { Logger } from './logger.ts'
export { type MemoryStoreOptions, memoryStore } from './memory-store.ts'
export type { CallContext, Middleware } from './middleware.ts'
export { RateLimit, type RateLimitAttempt, type RateLimitOptions } from './rate-limit.ts'
export { type RouteOptions, type Routes, route } from './route.ts'
export { type RunOnceOptions, type RunOnceResult, runOnce } from './run-once.ts'
export type { Store } from './store.ts'
export type { RequestTrace, RunOnceTrace } from './tracing.ts'
export { undiciFetch } from './undici-fetch.ts'
