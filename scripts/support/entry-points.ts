import { resolve } from 'node:path'

/** The entry points: the name of the file in `dist` and its source. One per line of `exports` in package.json. */
export const ENTRY_POINTS = {
  index: 'src/index.ts',
  mp: 'src/mp/index.ts',
  miniapp: 'src/miniapp/index.ts',
  gateway: 'src/gateway/index.ts',
  pay: 'src/pay/index.ts',
  'pay-v2': 'src/pay/v2/index.ts',
  qiniu: 'src/qiniu/index.ts',
  yunpian: 'src/yunpian/index.ts',
  geetest: 'src/geetest/index.ts',
  node: 'src/adapters/node.ts',
  express: 'src/adapters/express.ts',
  koa: 'src/adapters/koa.ts',
  fastify: 'src/adapters/fastify.ts',
  nest: 'src/nest/index.ts',
  lambda: 'src/adapters/lambda.ts',
  redis: 'src/redis/index.ts',
  otel: 'src/otel/index.ts',
  simulator: 'src/simulator/index.ts',
  'simulator-msw': 'src/simulator/msw.ts',
  'simulator-redirect': 'src/simulator/redirect.ts'
}

/**
 * Files that load a package of others, by their name in `imports` of package.json: at its first use in Node, at once where the
 * code is bundled.
 */
export const PACKAGE_LOADERS = {
  '#fast-xml-parser': 'src/internal/packages/fast-xml-parser.ts',
  '#node-forge': 'src/internal/packages/node-forge.ts'
}

export const COMMAND = { cli: 'src/cli/index.ts' }

/** The declarations of a source, which `tsc -p tsconfig.types.json` writes. */
export function declarationOf(source: string): string {
  return resolve(import.meta.dirname, '../../.tmp/types', source.replace(/^src\/(.*)\.ts$/, '$1.d.ts'))
}
