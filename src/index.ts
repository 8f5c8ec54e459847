export {
  acquireLock,
  type CallContext,
  type ClientOptions,
  type DispatcherLike,
  type FetchHandler,
  type FetchLike,
  type Lock,
  type LockOptions,
  type Logger,
  type MemoryStoreOptions,
  type Middleware,
  memoryStore,
  type RequestOptions,
  type RequestTrace,
  type RunOnceOptions,
  type RunOnceResult,
  runOnce,
  type Store,
  undiciFetch
} from './core/index.ts'
export * from './errors/index.ts'
