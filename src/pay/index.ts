export * from './common/index.ts'
export * from './v2/index.ts'
export * from './v3/index.ts'
