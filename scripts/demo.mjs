// `npm run demo`: builds the library and tells the whole story on the simulator. `-- --keep` stays up afterwards.
import { spawn } from 'node:child_process'

const run = (label, args, environment = {}) =>
  new Promise((resolve, reject) => {
    console.log(label)
    const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...environment } })
    process.on('SIGINT', () => undefined)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${label} failed with ${code}`))))
  })

try {
  console.log('building weixin-kit (about 10 s) …')
  await run('  types', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'])
  await run('  code', ['node_modules/rolldown/bin/cli.mjs', '-c', 'rolldown.config.ts', '--log-level', 'warn'])
  // The apps use the built library, as an application of yours would, and not its source.
  await run('starting the demo …', ['--import', 'tsx', 'examples/demo/main.ts', ...process.argv.slice(2)], {
    TSX_TSCONFIG_PATH: 'examples/tsconfig.json'
  })
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
