import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { defineConfig, type Format, type Options } from 'tsup'

/** Entry points with a file of their own. */
const PRODUCTS = {
  index: 'src/index.ts',
  mp: 'src/mp/index.ts',
  miniapp: 'src/miniapp/index.ts',
  gateway: 'src/gateway/index.ts',
  pay: 'src/pay/index.ts',
  'pay-v2': 'src/pay/v2/index.ts',
  qiniu: 'src/qiniu/index.ts',
  yunpian: 'src/yunpian/index.ts',
  geetest: 'src/geetest/index.ts',
  redis: 'src/redis/index.ts'
}
/** Entry points with declarations of their own; what runs are a few lines each, all in `converters`. */
const CONVERTERS = {
  node: 'src/adapters/node.ts',
  express: 'src/adapters/express.ts',
  koa: 'src/adapters/koa.ts',
  fastify: 'src/adapters/fastify.ts'
}
const CONVERTERS_FILE = { converters: 'src/adapters/index.ts' }
const SIMULATOR = { simulator: 'src/simulator/index.ts', 'simulator-msw': 'src/simulator/msw.ts' }
/** One per line of `exports` in package.json. */
export const ENTRY_POINTS = { ...PRODUCTS, ...CONVERTERS, ...SIMULATOR }

const root = import.meta.dirname

/**
 * Errors, core and helpers go into one file for all entry points. Left to itself the bundler cuts them into a dozen chunks, and
 * each file that is loaded costs a cold start as much as all their code together. What has one user only stays with it.
 */
const SHARED = [
  'errors/',
  'internal/',
  'core/',
  'wechat-api/account.ts',
  'wechat-api/account-options.ts',
  'wechat-api/check-params.ts',
  'wechat-api/errcodes/errcode-info.ts',
  'wechat-api/late-groups.ts'
]
const NOT_SHARED = ['internal/pkcs12/', 'core/token-manager.ts']

/** What only requests and failures need: a file of its own, which is loaded after a client or a store was made. */
const ENGINE = [
  'core/check-request-options.ts',
  'core/connection-failure.ts',
  'core/deadline.ts',
  'core/dispatcher.ts',
  'core/read-answer.ts',
  'core/retry.ts',
  'core/tracing.ts',
  'core/undici-headers.ts',
  'core/undici-response.ts',
  'internal/scrub-error.ts'
]

type CommonFile = 'shared' | 'engine'

const barrels: Record<CommonFile, string> = {
  shared: resolve(root, '.tmp/shared.ts'),
  engine: resolve(root, '.tmp/engine.ts')
}

/** The common file that a module goes into. */
function commonFile(path: string): CommonFile | undefined {
  const file = relative(resolve(root, 'src'), path).replaceAll(sep, '/')
  if (ENGINE.includes(file)) return 'engine'
  return SHARED.some((part) => file.startsWith(part)) && !NOT_SHARED.some((part) => file.startsWith(part))
    ? 'shared'
    : undefined
}

function writeBarrels(): void {
  const modules = readdirSync(resolve(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/(^|[/\\])index\.ts$/.test(file))
    .sort()
  for (const [name, barrel] of Object.entries(barrels)) {
    const own = modules.filter((file) => commonFile(resolve(root, 'src', file)) === name)
    refuseSameNames(own)
    mkdirSync(dirname(barrel), { recursive: true })
    writeFileSync(barrel, own.map((file) => `export * from '../src/${file}'\n`).join(''))
  }
}

const EXPORTED = /^export (?:abstract |async )*(?:class|const|function\*?|let) (\w+)/gm

/** Of two exports of one name, `export *` publishes neither, without a word. */
function refuseSameNames(modules: readonly string[]): void {
  const seen = new Map<string, string>()
  for (const file of modules) {
    for (const [, name = ''] of readFileSync(resolve(root, 'src', file), 'utf8').matchAll(EXPORTED)) {
      if (seen.has(name)) throw new Error(`${file} and ${seen.get(name)} both export ${name}: rename one of them.`)
      seen.set(name, file)
    }
  }
}

/** The published file that holds a module of another part of the library; `undefined` for a part's own modules. */
function publishedFile(target: string, importer: string): string | undefined {
  const common = commonFile(target)
  if (common) return importer === barrels[common] || commonFile(importer) === common ? undefined : common
  if (!importer.startsWith(resolve(root, 'src/cli'))) return undefined
  return Object.entries(ENTRY_POINTS).find(([, entry]) => resolve(root, entry) === target)?.[0]
}

const onePlace: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'one-place-for-each-module',
  setup(build) {
    // CommonJS is made from split ES modules, so that only the extension tells the two builds apart.
    const extension = build.initialOptions.outExtension?.['.js'] === '.cjs' ? 'cjs' : 'js'
    build.onResolve({ filter: /^\.{1,2}\// }, ({ path, importer, resolveDir }) => {
      const file = publishedFile(resolve(resolveDir, path), importer)
      return file ? { path: `./${file}.${extension}`, external: true } : undefined
    })
  }
}

const IMPORT = /^import \{([^}]*)\} from "(\.\/[\w-]+\.\w+)";\n/gm

/** The bundler keeps an import statement for each module that went into a file: one for each other file is enough. */
const oneImport: NonNullable<Options['plugins']>[number] = {
  name: 'one-import-for-each-file',
  renderChunk(code) {
    // A command has its `#!` first, and no cold start to speak of.
    if (code.startsWith('#!')) return { code }
    const names = new Map<string, string[]>()
    const rest = code.replace(IMPORT, (_, list: string, file: string) => {
      names.set(file, [...(names.get(file) ?? []), list.trim().replace(/,$/, '')])
      return ''
    })
    const imports = [...names].map(([file, lists]) => `import {${lists.join(',')}} from "${file}";\n`)
    return { code: imports.join('') + rest }
  }
}

function part(
  entry: Record<string, string>,
  options: { formats: Format[]; types: Record<string, string> | false; shortNames: boolean }
): Options {
  return {
    entry,
    format: options.formats,
    target: 'node20',
    platform: 'node',
    // One copy of every class for all entry points: shared chunks in both formats.
    splitting: true,
    // import.meta.url in CJS, for createRequire.
    shims: true,
    dts: options.types && { entry: options.types },
    clean: false,
    sourcemap: false,
    treeshake: false,
    external: ['undici', 'node-forge', 'fast-xml-parser', 'qiniu', 'msw', 'express', 'koa', 'fastify'],
    esbuildPlugins: [onePlace],
    plugins: [oneImport],
    // Takes a quarter off what an installation weighs and a cold start reads. The names of functions and classes of products stay,
    // for readable stack traces and inspected clients; escapes let the engine keep a source at one byte per character.
    minify: 'terser',
    terserOptions: {
      ecma: 2020,
      mangle: options.shortNames ? {} : { module: false, toplevel: false, keep_classnames: true, keep_fnames: true },
      format: { ascii_only: true }
    },
    esbuildOptions: (esbuild) => {
      esbuild.legalComments = 'none'
      esbuild.minifySyntax = true
    }
  }
}

export default defineConfig(({ dts }) => {
  rmSync(resolve(root, 'dist'), { recursive: true, force: true })
  writeBarrels()
  const typed = dts !== false
  return [
    part(
      { ...PRODUCTS, ...CONVERTERS_FILE, ...barrels },
      { formats: ['esm', 'cjs'], types: typed && { ...PRODUCTS, ...CONVERTERS }, shortNames: false }
    ),
    part(SIMULATOR, { formats: ['esm', 'cjs'], types: typed && SIMULATOR, shortNames: true }),
    part({ cli: 'src/cli/index.ts' }, { formats: ['esm'], types: false, shortNames: true })
  ]
})
