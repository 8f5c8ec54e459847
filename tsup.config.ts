import { defineConfig } from 'tsup'

/** One entry per line of `exports` in package.json. */
export const ENTRY_POINTS = {
  index: 'src/index.ts',
  mp: 'src/mp/index.ts',
  miniapp: 'src/miniapp/index.ts',
  gateway: 'src/gateway/index.ts',
  pay: 'src/pay/index.ts',
  qiniu: 'src/qiniu/index.ts',
  yunpian: 'src/yunpian/index.ts',
  geetest: 'src/geetest/index.ts',
  node: 'src/adapters/node.ts',
  express: 'src/adapters/express.ts',
  koa: 'src/adapters/koa.ts',
  fastify: 'src/adapters/fastify.ts',
  redis: 'src/redis/index.ts',
  simulator: 'src/simulator/index.ts',
  'simulator-msw': 'src/simulator/msw.ts',
  cli: 'src/cli/index.ts'
}

export default defineConfig({
  entry: ENTRY_POINTS,
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  // One copy of every class for all entry points: shared chunks in both formats.
  splitting: true,
  // import.meta.url in CJS, for createRequire.
  shims: true,
  dts: true,
  clean: true,
  sourcemap: false,
  treeshake: false,
  external: ['undici', 'node-forge', 'fast-xml-parser', 'qiniu', 'msw', 'express', 'koa', 'fastify']
})
