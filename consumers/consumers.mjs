// One consumer per way in which people use or deploy the library. `kind` groups those of which CI takes the first.
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BUNDLERS } from './lists/bundlers.mjs'
import { FRAMEWORKS } from './lists/frameworks.mjs'
import { FUNCTIONS } from './lists/functions.mjs'
import { LANGUAGES } from './lists/languages.mjs'
import { NEST } from './lists/nest.mjs'
import { NEXT } from './lists/next.mjs'
import { RUNTIMES } from './lists/runtimes.mjs'
import { TELEMETRY } from './lists/telemetry.mjs'
import { install, root } from './support/package.mjs'

export const CONSUMERS = [
  ...LANGUAGES,
  ...BUNDLERS,
  ...RUNTIMES,
  ...NEXT,
  ...NEST,
  ...FRAMEWORKS,
  ...FUNCTIONS,
  ...TELEMETRY
]

/** Puts a consumer into a folder of its own, installed from the tarball. */
export async function consume(consumer, folder, tarball, fixtures) {
  const packages = [tarball, ...(consumer.withPeers ? [] : ['--omit=peer']), ...(consumer.packages ?? [])]
  install(folder, packages, consumer.type)
  for (const name of consumer.files) cpSync(join(root, 'consumers', name), join(folder, name), { recursive: true })
  for (const name of consumer.examples ?? [])
    cpSync(join(root, 'examples/snippets', name), join(folder, name), { recursive: true })
  if (existsSync(join(folder, 'features')))
    writeFileSync(join(folder, 'features/fixtures-made.mjs'), readFileSync(fixtures))
  return consumer.run({ folder })
}
