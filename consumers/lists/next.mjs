// Next.js: built without secrets, copied to another folder, and started there with them.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drive, MESSAGES, PAYMENTS } from '../support/drive.mjs'
import { run } from '../support/package.mjs'
import { lines, node, whileUp } from '../support/programs.mjs'

const next = (major) => ({
  name: `Next.js ${major} standalone`,
  kind: 'next',
  files: ['features', 'next', 'drive'],
  examples: ['next'],
  packages: [
    `next@${major}`,
    'react@19',
    'react-dom@19',
    'typescript@5.9',
    '@types/node@20',
    '@types/react@19',
    '@opentelemetry/api@1'
  ],
  run: ({ folder }) => buildAndMove(folder, major)
})

async function buildAndMove(folder, major) {
  const app = join(folder, 'next')
  cpSync(join(folder, 'features'), join(app, 'features'), { recursive: true })
  renameSync(join(folder, 'node_modules'), join(app, 'node_modules'))
  writeFileSync(join(app, 'package.json'), '{"private":true}')
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WEIXIN_')))
  const env = { ...clean, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }
  lines(run(node, [join(app, 'node_modules/next/dist/bin/next'), 'build'], { cwd: app, env }).slice(-400))
  // The driver keeps the library; the server has only what the build traced, with no node_modules above it.
  const moved = mkdtempSync(join(tmpdir(), 'weixin-kit-next-'))
  cpSync(join(app, '.next/standalone'), moved, { recursive: true })
  renameSync(join(app, 'node_modules'), join(folder, 'node_modules'))
  rmSync(app, { recursive: true })
  const command = [node, existsSync(join(moved, 'server.js')) ? 'server.js' : 'next/server.js']
  const server = { HOSTNAME: '127.0.0.1', NODE_ENV: 'production' }
  const checks = [...MESSAGES, ...PAYMENTS]
  const framework = drive(folder, { command, cwd: moved, checks, env: server })
  const child = spawn(node, command.slice(1), {
    cwd: moved,
    env: { ...clean, ...server, PORT: '8790' },
    stdio: 'inherit'
  })
  const features = await whileUp(child, 'http://127.0.0.1:8790/api/features')
  rmSync(moved, { recursive: true })
  return { features, frameworks: { [`Next.js ${major}`]: framework } }
}

export const NEXT = [next(15), next(16)]
