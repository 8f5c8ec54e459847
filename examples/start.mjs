// `npm run -w examples official-site`: runs an app of this folder with the built library, as an application of yours would.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const [, , app = ''] = process.argv
if (!existsSync(at(`${app}/src/main.ts`))) {
  const apps = readdirSync(at('.')).filter((name) => existsSync(at(`${name}/src/main.ts`)))
  console.error(`usage: node start.mjs ${apps.join(' | ')}`)
  process.exit(1)
}
if (!existsSync(at('../dist/index.js'))) {
  console.log('building weixin-kit (about 10 s) …')
  const { status } = spawnSync('npm', ['run', 'build', '--', '--no-dts', '--silent'], {
    cwd: at('..'),
    stdio: 'inherit'
  })
  if (status !== 0) process.exit(1)
}
const child = spawn(process.execPath, ['--import', 'tsx', at(`${app}/src/main.ts`)], {
  cwd: at('.'),
  stdio: 'inherit',
  env: { ...process.env, TSX_TSCONFIG_PATH: at('tsconfig.json') }
})
// The terminal sends Ctrl+C to both: the app closes what it has open, and only then this ends.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.once('exit', (code) => process.exit(code ?? 1))
