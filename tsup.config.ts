import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
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

/**
 * Errors, core and helpers go into one file for all entry points. Left to itself the bundler cuts them into a dozen chunks, and
 * each file that is loaded costs a cold start as much as all their code together. The .p12 reader stays with its only user.
 */
const SHARED_LAYERS = ['errors', 'internal', 'core']
const NOT_SHARED = `${sep}internal${sep}pkcs12${sep}`
const root = import.meta.dirname
const barrel = resolve(root, '.tmp/shared.ts')

function isShared(path: string): boolean {
  return SHARED_LAYERS.some((layer) => path.startsWith(resolve(root, 'src', layer) + sep)) && !path.includes(NOT_SHARED)
}

function writeBarrel(): void {
  const modules = SHARED_LAYERS.flatMap((layer) =>
    readdirSync(resolve(root, 'src', layer), { recursive: true, encoding: 'utf8' }).map((file) => `${layer}/${file}`)
  ).filter((file) => file.endsWith('.ts') && !/(^|\/)index\.ts$/.test(file) && isShared(resolve(root, 'src', file)))
  mkdirSync(dirname(barrel), { recursive: true })
  writeFileSync(
    barrel,
    modules
      .sort()
      .map((file) => `export * from '../src/${file}'\n`)
      .join('')
  )
}

export default defineConfig((options) => {
  writeBarrel()
  return {
    entry: { ...ENTRY_POINTS, shared: '.tmp/shared.ts' },
    format: ['esm', 'cjs'],
    target: 'node20',
    platform: 'node',
    // One copy of every class for all entry points: shared chunks in both formats.
    splitting: true,
    // import.meta.url in CJS, for createRequire.
    shims: true,
    dts: options.dts === false ? false : { entry: ENTRY_POINTS },
    clean: true,
    sourcemap: false,
    treeshake: false,
    external: ['undici', 'node-forge', 'fast-xml-parser', 'qiniu', 'msw', 'express', 'koa', 'fastify'],
    esbuildPlugins: [
      {
        name: 'one-shared-file',
        setup(build) {
          // CommonJS is made from split ES modules, so that only the extension tells the two builds apart.
          const extension = build.initialOptions.outExtension?.['.js'] === '.cjs' ? 'cjs' : 'js'
          build.onResolve({ filter: /^\.{1,2}\// }, ({ path, importer, resolveDir }) => {
            const target = resolve(resolveDir, path)
            if (!isShared(target) || importer === barrel || isShared(importer)) return undefined
            return { path: `./shared.${extension}`, external: true }
          })
        }
      }
    ],
    esbuildOptions: (esbuild) => {
      // Halves what an installation weighs and a cold start reads; names stay, for readable stack traces.
      esbuild.minifyWhitespace = true
      esbuild.legalComments = 'none'
    }
  }
})
