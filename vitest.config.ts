import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^weixin-kit$/, replacement: source('index.ts') },
      { find: /^weixin-kit\/simulator\/msw$/, replacement: source('simulator/msw.ts') },
      { find: /^weixin-kit\/(node|express|koa|fastify|lambda)$/, replacement: source('adapters/$1.ts') },
      { find: /^weixin-kit\/pay\/v2$/, replacement: source('pay/v2/index.ts') },
      { find: /^weixin-kit\/([a-z]+)$/, replacement: source('$1/index.ts') }
    ]
  },
  test: {
    include: [
      'test/{unit,vectors,integration,mistakes,issues,fuzz,chaos}/**/*.test.ts',
      'examples/*/test/**/*.test.ts'
    ],
    typecheck: { include: ['test/types/**/*.test-d.ts'] },
    // The default leaves one core to the main process, which is half of a machine of two.
    maxWorkers: availableParallelism(),
    testTimeout: 20_000,
    hookTimeout: 30_000
  }
})
