// One consumer per way in which people use or deploy the library. `kind` groups those of which CI takes the first.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { install, root, run } from './support/package.mjs'

const source = (name) => join(root, 'consumers', name)
const node = process.execPath

/** The result line that `features/main.mjs` prints. */
function featuresOf(output) {
  const line = /^features (\{.*\})$/m.exec(output)
  if (!line) throw new Error(`printed no results: ${output}`)
  return JSON.parse(line[1])
}

const lines = (output) => process.stdout.write(output)

/** Bundles `features/main.mjs`, removes every package, and runs the one file. */
async function bundled({ folder }, bundle) {
  const entry = join(folder, 'features/main.mjs')
  const outfile = join(folder, 'out/bundle.mjs')
  mkdirSync(join(folder, 'out'), { recursive: true })
  await bundle(entry, outfile)
  const hidden = join(folder, 'hidden')
  renameSync(join(folder, 'node_modules'), hidden)
  try {
    return featuresOf(run(node, [outfile]))
  } finally {
    renameSync(hidden, join(folder, 'node_modules'))
  }
}

const load = async (folder, name) => {
  const { createRequire } = await import('node:module')
  return createRequire(join(folder, 'package.json'))(name)
}

export const CONSUMERS = [
  {
    name: 'Node ESM',
    kind: 'node',
    files: ['node-esm', 'features'],
    run: ({ folder }) => {
      lines(run(node, [join(folder, 'node-esm/index.mjs')]))
      return featuresOf(run(node, [join(folder, 'features/main.mjs')]))
    }
  },
  {
    name: 'Node CommonJS',
    kind: 'node-cjs',
    files: ['node-cjs'],
    type: 'commonjs',
    run: ({ folder }) => void lines(run(node, ['--no-experimental-require-module', join(folder, 'node-cjs/index.cjs')]))
  },
  {
    name: 'TypeScript: node16, node10, bundler',
    kind: 'types',
    files: ['types-esm', 'types-cjs', 'types-resolution', 'tsconfig.json'],
    packages: ['typescript@5.9', '@types/node@20'],
    run: ({ folder }) => {
      const tsc = (...args) =>
        lines(run(node, [join(folder, 'node_modules/typescript/bin/tsc'), ...args], { cwd: folder }))
      writeFileSync(join(folder, 'types-esm/package.json'), '{"type":"module"}')
      tsc('-p', '.')
      writeFileSync(join(folder, 'built/types-esm/package.json'), '{"type":"module"}')
      lines(run(node, [join(folder, 'built/types-esm/index.js')]))
      lines(run(node, [join(folder, 'built/types-cjs/index.cjs')]))
      const strict = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node']
      tsc(...strict, '--module', 'commonjs', '--moduleResolution', 'node10', 'types-resolution/index.ts')
      tsc(...strict, '--module', 'esnext', '--moduleResolution', 'bundler', 'types-resolution/index.ts')
      console.log('types resolve in node16, node10 and bundler')
    }
  },
  {
    name: 'Rollup, one file',
    kind: 'bundler',
    files: ['features', 'bundler'],
    packages: ['rollup@4', '@rollup/plugin-node-resolve@16', '@rollup/plugin-commonjs@29', '@rollup/plugin-json@6'],
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
    packages: ['esbuild@0.27'],
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
    packages: ['webpack@5'],
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
    packages: ['vite@8'],
    run: (context) =>
      bundled(context, async (input) => {
        writeFileSync(
          join(context.folder, 'vite.config.mjs'),
          `export default { ssr: { noExternal: true, target: 'node' }, logLevel: 'error', build: { ssr: ${JSON.stringify(input)}, outDir: 'out', emptyOutDir: false, minify: false, rollupOptions: { output: { entryFileNames: 'bundle.mjs' } } } }`
        )
        lines(run(node, [join(context.folder, 'node_modules/vite/bin/vite.js'), 'build'], { cwd: context.folder }))
      })
  },
  {
    name: 'Jest, CommonJS and ESM',
    kind: 'jest',
    files: ['jest'],
    type: 'commonjs',
    packages: ['jest@30'],
    run: ({ folder }) => {
      const jest = join(folder, 'node_modules/jest/bin/jest.js')
      const options = { cwd: join(folder, 'jest'), stdio: ['ignore', 'inherit', 'pipe'] }
      run(node, [jest, '--rootDir', '.', 'first-call.test.cjs'], options)
      run(node, ['--experimental-vm-modules', '--no-warnings', jest, '--rootDir', '.', 'first-call.test.mjs'], options)
      console.log('jest ok: a first call answers under fake timers')
    }
  },
  {
    name: 'node:test',
    kind: 'node-test',
    files: ['jest'],
    run: ({ folder }) => {
      run(node, ['--test', join(folder, 'jest/first-call.node-test.mjs')])
      console.log('node:test ok: a first call answers under fake timers')
    }
  },
  {
    name: 'Bun',
    kind: 'runtime',
    files: ['features'],
    packages: ['@oven/bun-linux-x64@1'],
    run: ({ folder }) =>
      featuresOf(run(join(folder, 'node_modules/@oven/bun-linux-x64/bin/bun'), [join(folder, 'features/main.mjs')]))
  },
  {
    name: 'Deno',
    kind: 'runtime',
    files: ['features'],
    packages: ['@deno/linux-x64-glibc@2'],
    run: ({ folder }) =>
      featuresOf(
        run(
          join(folder, 'node_modules/@deno/linux-x64-glibc/deno'),
          ['run', '--allow-all', '--node-modules-dir=manual', join(folder, 'features/main.mjs')],
          { cwd: folder, env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' } }
        )
      )
  },
  {
    name: 'Cloudflare workerd',
    kind: 'edge',
    files: ['features', 'workerd'],
    packages: ['esbuild@0.27', 'workerd@1'],
    // A Worker has bindings for mTLS, no certificates of its own, and no proxies.
    without: ['mTLS and proxies (undici)', 'WeChat Pay v2: legacy .p12 (node-forge)'],
    run: workerd
  },
  {
    name: 'Next.js 15 standalone',
    kind: 'next',
    files: ['features', 'next'],
    packages: ['next@15', 'react@19', 'react-dom@19'],
    run: next
  },
  {
    name: 'Next.js 16 standalone',
    kind: 'next',
    files: ['features', 'next'],
    packages: ['next@16', 'react@19', 'react-dom@19'],
    run: next
  }
]

async function workerd({ folder }) {
  const { buildSync } = await load(folder, 'esbuild')
  buildSync({
    entryPoints: [join(folder, 'workerd/worker.mjs')],
    outfile: join(folder, 'workerd/bundle.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'import'],
    // node-forge is CommonJS and asks for built-in modules.
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire('/');" },
    external: ['node:*', 'undici', 'qiniu', ...BUILT_IN.map((name) => name)],
    alias: Object.fromEntries(BUILT_IN.map((name) => [name, `node:${name}`])),
    logLevel: 'error'
  })
  const child = spawn(
    join(folder, 'node_modules/@cloudflare/workerd-linux-64/bin/workerd'),
    ['serve', join(folder, 'workerd/config.capnp'), '--socket-addr', 'http=127.0.0.1:8789'],
    { stdio: ['ignore', 'inherit', 'inherit'] }
  )
  return whileUp(child, 'http://127.0.0.1:8789/')
}
const BUILT_IN = ['crypto', 'buffer', 'util', 'stream', 'zlib', 'module', 'events', 'url']

async function next({ folder }) {
  const app = join(folder, 'next')
  cpSync(join(folder, 'features'), join(app, 'features'), { recursive: true })
  renameSync(join(folder, 'node_modules'), join(app, 'node_modules'))
  writeFileSync(join(app, 'package.json'), '{"private":true}')
  lines(
    run(node, [join(app, 'node_modules/next/dist/bin/next'), 'build'], {
      cwd: app,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }
    }).slice(-200)
  )
  const moved = join(folder, 'moved')
  cpSync(join(app, '.next/standalone'), moved, { recursive: true })
  rmSync(app, { recursive: true })
  const child = spawn(node, [existsSync(join(moved, 'server.js')) ? 'server.js' : 'next/server.js'], {
    cwd: moved,
    env: { ...process.env, PORT: '8790', HOSTNAME: '127.0.0.1' },
    stdio: 'inherit'
  })
  return whileUp(child, 'http://127.0.0.1:8790/api/features')
}

/** Asks a server for its results, for at most 30 s, and ends it. */
async function whileUp(child, url) {
  try {
    for (let attempt = 0; attempt < 150; attempt++) {
      const response = await fetch(url).catch(() => undefined)
      if (response) return featuresOf(await response.text())
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error(`${url} did not answer within 30 s`)
  } finally {
    child.kill()
  }
}

/** Puts a consumer into a folder of its own, installed from the tarball. */
export async function consume(consumer, folder, tarball, fixtures) {
  install(folder, [tarball, '--omit=peer', ...(consumer.packages ?? [])], consumer.type)
  for (const name of consumer.files) cpSync(source(name), join(folder, name), { recursive: true })
  if (existsSync(join(folder, 'features')))
    writeFileSync(join(folder, 'features/fixtures-made.mjs'), readFileSync(fixtures))
  return consumer.run({ folder })
}
