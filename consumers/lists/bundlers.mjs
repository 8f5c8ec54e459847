// One file made by a bundler, run without node_modules.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../support/package.mjs'
import { featuresOf, lines, load, node } from '../support/programs.mjs'

/** Bundles `features/main.mjs`, removes every package, and runs the one file. */
async function bundled({ folder }, bundle) {
  const entry = join(folder, 'features/main.mjs')
  const outfile = join(folder, 'out/bundle.mjs')
  mkdirSync(join(folder, 'out'), { recursive: true })
  await bundle(entry, outfile)
  const hidden = join(folder, 'hidden')
  renameSync(join(folder, 'node_modules'), hidden)
  try {
    return { features: featuresOf(run(node, [outfile])) }
  } finally {
    renameSync(hidden, join(folder, 'node_modules'))
  }
}

export const BUNDLERS = [
  {
    name: 'Rollup, one file',
    kind: 'bundler',
    files: ['features', 'bundler'],
    packages: [
      '@opentelemetry/api@1',
      'rollup@4',
      '@rollup/plugin-node-resolve@16',
      '@rollup/plugin-commonjs@29',
      '@rollup/plugin-json@6'
    ],
    run: (context) =>
      bundled(context, async (input, file) => {
        const { rollup } = await load(context.folder, 'rollup')
        const plugins = await Promise.all(
          ['node-resolve', 'commonjs', 'json'].map((name) => load(context.folder, `@rollup/plugin-${name}`))
        )
        // `node:sqlite`, which undici asks for in a cache that nobody uses here, is not in Node 20.
        const [resolve, commonjs, json] = plugins.map((plugin) => plugin.default ?? plugin)
        const write = async (entry, out) => {
          const built = await rollup({
            input: entry,
            plugins: [resolve({ preferBuiltins: true }), commonjs({ ignore: ['node:sqlite'] }), json()],
            onwarn: () => undefined
          })
          await built.write({ file: out, format: 'esm', inlineDynamicImports: true })
        }
        await write(input, file)
        // The first call is waited for at the top level of the one file.
        const awaiting = join(context.folder, 'out/awaiting.mjs')
        await write(join(context.folder, 'bundler/main.mjs'), awaiting)
        lines(run(node, [awaiting]))
      })
  },
  {
    name: 'esbuild, one file',
    kind: 'bundler',
    files: ['features', 'bundler'],
    packages: ['@opentelemetry/api@1', 'esbuild@0.27'],
    run: (context) =>
      bundled(context, async (input, file) => {
        const { buildSync } = await load(context.folder, 'esbuild')
        // The packages of others are CommonJS and ask for built-in modules.
        const banner = {
          js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);"
        }
        const options = { bundle: true, platform: 'node', format: 'esm', banner, logLevel: 'error' }
        buildSync({ ...options, entryPoints: [input], outfile: file })
        const awaiting = join(context.folder, 'out/awaiting.mjs')
        buildSync({ ...options, entryPoints: [join(context.folder, 'bundler/main.mjs')], outfile: awaiting })
        lines(run(node, [awaiting]))
      })
  },
  {
    name: 'webpack, one file',
    kind: 'bundler',
    files: ['features'],
    packages: ['@opentelemetry/api@1', 'webpack@5'],
    run: (context) =>
      bundled(context, async (input, file) => {
        const webpack = await load(context.folder, 'webpack')
        const options = {
          mode: 'production',
          target: 'node20',
          entry: input,
          context: context.folder,
          optimization: { minimize: false },
          experiments: { outputModule: true },
          module: { parser: { javascript: { dynamicImportMode: 'eager' } } },
          output: {
            path: join(context.folder, 'out'),
            filename: 'bundle.mjs',
            module: true,
            chunkFormat: 'module',
            library: { type: 'module' }
          }
        }
        await new Promise((done, fail) =>
          webpack(options, (error, stats) =>
            error || stats.hasErrors() ? fail(error ?? new Error(stats.toString('errors-only'))) : done(file)
          )
        )
      })
  },
  {
    name: 'Vite SSR',
    kind: 'bundler',
    files: ['features'],
    packages: ['@opentelemetry/api@1', 'vite@8'],
    run: (context) =>
      bundled(context, async (input) => {
        writeFileSync(
          join(context.folder, 'vite.config.mjs'),
          `export default { ssr: { noExternal: true, target: 'node' }, logLevel: 'error', build: { ssr: ${JSON.stringify(input)}, outDir: 'out', emptyOutDir: false, minify: false, rollupOptions: { output: { entryFileNames: 'bundle.mjs' } } } }`
        )
        lines(run(node, [join(context.folder, 'node_modules/vite/bin/vite.js'), 'build'], { cwd: context.folder }))
      })
  }
]
