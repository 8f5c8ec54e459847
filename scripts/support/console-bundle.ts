import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { BuildOptions, Plugin } from 'rolldown'

const root = resolve(import.meta.dirname, '../..')
const folder = resolve(root, 'src/simulator/console')

/** What the browser loads as it is written. */
const assets: Plugin = {
  name: 'console-assets',
  generateBundle() {
    for (const fileName of ['index.html', 'console.css']) {
      this.emitFile({ type: 'asset', fileName, source: readFileSync(resolve(folder, fileName), 'utf8') })
    }
  }
}

/** The page of the simulator as three files. */
export function consoleBundle(dir: string): BuildOptions {
  return {
    input: { console: resolve(folder, 'main.tsx') },
    platform: 'browser',
    tsconfig: resolve(folder, 'tsconfig.json'),
    transform: { target: 'es2022' },
    plugins: [assets],
    output: { dir: resolve(root, dir), format: 'esm', entryFileNames: '[name].js', minify: true, comments: false }
  }
}
