import { rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'
import { COMMAND, ENTRY_POINTS } from './scripts/support/entry-points.ts'

const root = import.meta.dirname

/** The command runs the published entry points, so that what only one of them uses stays in its file. */
const published: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'published',
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path, importer }) => {
      if (!importer.startsWith(resolve(root, 'src/cli'))) return undefined
      const target = resolve(dirname(importer), path)
      const entry = Object.entries(ENTRY_POINTS).find(([, source]) => resolve(root, source) === target)
      return entry && { path: `./${entry[0]}.js`, external: true }
    })
  }
}

const common: Options = {
  target: 'node20',
  platform: 'node',
  // One copy of every class for all entry points: shared chunks in both formats.
  splitting: true,
  // `import.meta.url` in CommonJS.
  shims: true,
  clean: false,
  sourcemap: false,
  // Names and lines stay readable in a stack trace.
  minify: false,
  treeshake: false,
  keepNames: false,
  // Every package stays outside: what is bundled here is this library alone.
  skipNodeModulesBundle: true,
  esbuildPlugins: [published]
}

export default defineConfig(({ dts }) => {
  rmSync(resolve(root, 'dist'), { recursive: true, force: true })
  return [
    { ...common, entry: ENTRY_POINTS, format: ['esm', 'cjs'], dts: dts !== false },
    { ...common, entry: COMMAND, format: ['esm'], dts: false }
  ]
})
