import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'

export function isInMemory(folder: string): boolean {
  return folder.startsWith('memory:')
}

/** Opens the database in a folder, or in memory; makes it first if it is not there. */
export async function openPgliteClient(folder = 'memory://'): Promise<PGlite> {
  if (!isInMemory(folder)) {
    if (existsSync(join(folder, 'PG_VERSION'))) return PGlite.create(folder)
  }
  template ??= loadTemplate()
  return PGlite.create(folder, { loadDataDir: await template })
}

let template: Promise<Blob> | undefined

/**
 * An empty database as a file. Making one takes PostgreSQL's `initdb` in WebAssembly three seconds of work, unpacking one a
 * tenth of that: it is made once and kept for the next start.
 */
async function loadTemplate(): Promise<Blob> {
  const package_ = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), '../package.json')
  const { version } = JSON.parse(readFileSync(package_, 'utf8')) as { version: string }
  const cache = fileURLToPath(new URL('../../node_modules/.cache/pglite', import.meta.url))
  const path = join(cache, `${version}.tar`)
  if (existsSync(path)) return new Blob([await readFile(path)])

  const client = await PGlite.create('memory://')
  const made = await client.dumpDataDir('none')
  await client.close()
  await keep(path, Buffer.from(await made.arrayBuffer())).catch(() => undefined)
  return made
}

/** Several processes may do this at once: the file appears complete or not at all. A read-only folder costs only time. */
async function keep(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.${randomUUID()}`
  await writeFile(unfinished, content)
  await rename(unfinished, path)
}
