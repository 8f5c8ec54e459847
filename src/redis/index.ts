export { type RedisClientLike, type RedisStoreOptions, redisStore } from './redis-store.ts'
