import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'

/** Writes one declaration file per source, incrementally: see `declarationOf`. */
export function writeDeclarations(): void {
  const root = resolve(import.meta.dirname, '../..')
  const tsc = resolve(root, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.types.json'], { cwd: root, stdio: 'inherit' })
}
