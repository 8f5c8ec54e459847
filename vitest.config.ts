import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

/** These replace modules, each for itself. All others share what is loaded, which takes longer than their tests. */
const REPLACING = [
  'test/unit/qiniu/errors.test.ts',
  'test/issues/gateway-messages.test.ts',
  'test/integration/readme.test.ts',
  'examples/business-card/test/same-work.test.ts'
]

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
    // One more than cores: many tests wait for processes, browsers and timers.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'isolated', include: REPLACING } },
      {
        extends: true,
        test: {
          name: 'shared',
          isolate: false,
          include: [
            'test/{unit,vectors,integration,mistakes,issues,fuzz,chaos}/**/*.test.ts',
            'examples/*/test/**/*.test.ts'
          ],
          exclude: ['**/node_modules/**', ...REPLACING]
        }
      }
    ]
  }
})
