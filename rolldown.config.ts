import { existsSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { defineConfig, type OutputOptions, type Plugin, type RolldownOptions } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'
import { COMMAND, declarationOf, ENTRY_POINTS } from './scripts/support/entry-points.ts'

const root = import.meta.dirname
const otherPackages = /^[^./]/

/**
 * What several entry points use goes into one readable file. Split by who uses what, as esbuild and tsup do, it becomes 20 to 30
 * chunks, and an import of `weixin-kit/mp` costs 17 ms of CPU time and 6 MiB more: too much for a promise of 12 ms and 5 MiB.
 */
const SHARED = /[\\/]src[\\/](?:errors|internal|core|wechat-api)[\\/]/

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
    codeSplitting: { groups: [{ name: 'shared', test: SHARED, minShareCount: 2 }] }
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
  plugins: [published],
  output: output(format)
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
  types('d.ts'),
  types('d.cts')
])
