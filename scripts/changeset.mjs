// Runs changesets for the package at the root, which changesets overlooks in a repository with workspaces: they are hidden
// from it while it runs. `npm run changeset` adds one, `npm run changeset -- version` writes CHANGELOG.md.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const file = new URL('../package.json', import.meta.url)
const before = readFileSync(file, 'utf8')
const { workspaces } = JSON.parse(before)
const write = (manifest) => writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)

const hidden = JSON.parse(before)
delete hidden.workspaces
write(hidden)
let status = 1
try {
  const bin = createRequire(import.meta.url).resolve('@changesets/cli/bin.js')
  status = spawnSync(process.execPath, [bin, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1
} finally {
  const { version } = JSON.parse(readFileSync(file, 'utf8'))
  write({ ...JSON.parse(before), version, workspaces })
}
process.exitCode = status
