import { existsSync, rmSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { defineConfig, type OutputOptions, type Plugin, type RolldownOptions } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'
import { consoleBundle } from './scripts/support/console-bundle.ts'
import { COMMAND, declarationOf, ENTRY_POINTS, PACKAGE_LOADERS } from './scripts/support/entry-points.ts'

const root = import.meta.dirname
const otherPackages = /^[^./]/

/**
 * What several entry points use goes into one readable file, and what Official Account and Mini Program share into another. Split by who uses what, as esbuild and tsup do, it becomes 20 to 30
 * chunks, and an import of `weixin-kit/mp` costs 17 ms of CPU time and 6 MiB more: too much for a promise of 12 ms and 5 MiB.
 */
const SHARED = /[\\/]src[\\/](?:errors|internal(?![\\/]pkcs12)|core)[\\/]/
const WECHAT = /[\\/]src[\\/]wechat-api[\\/]/

function output(format: 'esm' | 'cjs'): OutputOptions {
  const extension = format === 'esm' ? 'js' : 'cjs'
  return {
    dir: 'dist',
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `[name].${extension}`,
    // Names and lines stay readable in a stack trace.
    minify: false,
    minifyInternalExports: false,
    comments: { jsdoc: false, legal: false },
    codeSplitting: {
      groups: [
        { name: 'shared', test: SHARED, minShareCount: 2 },
        { name: 'wechat', test: WECHAT, minShareCount: 2 }
      ]
    }
  }
}

/** The command runs the published entry points, so that what only one of them uses stays in its file. */
const published: Plugin = {
  name: 'published',
  resolveId: {
    order: 'pre',
    handler(id, importer) {
      if (!importer?.startsWith(resolve(root, 'src/cli')) || otherPackages.test(id)) return undefined
      const target = resolve(dirname(importer), id)
      const entry = Object.entries(ENTRY_POINTS).find(([, source]) => resolve(root, source) === target)
      return entry && { id: `./${entry[0]}.js`, external: true }
    }
  }
}

const code = (input: Record<string, string>, format: 'esm' | 'cjs'): RolldownOptions => ({
  input,
  platform: 'node',
  external: otherPackages,
  transform: { target: 'node20' },
  plugins: [published, packages],
  output: output(format)
})

/** Which file loads a package is decided where the library runs. */
const packages: Plugin = {
  name: 'packages',
  resolveId: {
    order: 'pre',
    handler(id, importer) {
      const loader =
        importer &&
        Object.entries(PACKAGE_LOADERS).find(([, source]) => resolve(root, source) === resolve(dirname(importer), id))
      return loader && { id: loader[0], external: true }
    }
  }
}

/** CommonJS has a `require` of its own, which tracers and bundlers know. */
const ownRequire: Plugin = {
  name: 'own-require',
  transform: (code) => code.replace(/^const require = .*$/m, '')
}

/** One for Node in each format, and one for bundlers. */
const loaders = Object.values(PACKAGE_LOADERS).flatMap((source): RolldownOptions[] => {
  const bundled = source.replace('.ts', '-bundled.ts')
  const shared = { platform: 'node', external: otherPackages } as const
  const nameOf = (file: string) => `load-${basename(file, '.ts')}`
  return [
    { ...shared, input: { [nameOf(source)]: source }, output: output('esm') },
    { ...shared, input: { [nameOf(source)]: source }, plugins: [ownRequire], output: output('cjs') },
    { ...shared, input: { [nameOf(bundled)]: bundled }, output: output('esm') }
  ]
})

/** The declarations that the compiler wrote import each other by the names of the sources. */
const declarations: Plugin = {
  name: 'declarations',
  resolveId: {
    order: 'pre',
    handler(id, importer) {
      if (!importer || otherPackages.test(id)) return undefined
      const file = resolve(dirname(importer), id.replace(/\.ts$/, '.d.ts'))
      return existsSync(file) ? file : undefined
    }
  }
}

const types = (extension: 'd.ts' | 'd.cts'): RolldownOptions => ({
  input: Object.fromEntries(Object.entries(ENTRY_POINTS).map(([name, source]) => [name, declarationOf(source)])),
  platform: 'node',
  external: otherPackages,
  plugins: [declarations, dts({ dtsInput: true, tsconfig: false })],
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `[name].${extension}`
  }
})

rmSync(resolve(root, 'dist'), { recursive: true, force: true })

export default defineConfig([
  code({ ...ENTRY_POINTS, ...COMMAND }, 'esm'),
  code(ENTRY_POINTS, 'cjs'),
  ...loaders,
  consoleBundle('dist/console'),
  types('d.ts'),
  types('d.cts')
])
