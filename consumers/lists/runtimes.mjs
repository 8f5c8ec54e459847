// Other runtimes than Node.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { drive, MESSAGES } from '../support/drive.mjs'
import { run } from '../support/package.mjs'
import { featuresOf, load, whileUp } from '../support/programs.mjs'

export const RUNTIMES = [
  {
    name: 'Bun',
    kind: 'runtime',
    files: ['features'],
    packages: ['@opentelemetry/api@1', '@oven/bun-linux-x64@1'],
    // Its fetch takes no connection of a client, and it has another undici in the place of undici.
    without: ['mTLS and proxies (undici)'],
    run: ({ folder }) => ({
      features: featuresOf(
        run(join(folder, 'node_modules/@oven/bun-linux-x64/bin/bun'), [join(folder, 'features/main.mjs')])
      )
    })
  },
  {
    name: 'Deno',
    kind: 'runtime',
    files: ['features'],
    packages: ['@opentelemetry/api@1', '@deno/linux-x64-glibc@2'],
    run: ({ folder }) => ({
      features: featuresOf(
        run(
          join(folder, 'node_modules/@deno/linux-x64-glibc/deno'),
          ['run', '--allow-all', '--node-modules-dir=manual', join(folder, 'features/main.mjs')],
          { cwd: folder, env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' } }
        )
      )
    })
  },
  {
    name: 'Cloudflare workerd',
    kind: 'edge',
    files: ['features', 'workerd', 'drive'],
    examples: ['worker'],
    packages: ['@opentelemetry/api@1', 'esbuild@0.27', 'workerd@1'],
    // A Worker has bindings for mTLS, no certificates of its own, and no proxies.
    without: ['mTLS and proxies (undici)', 'WeChat Pay v2: legacy .p12 (node-forge)'],
    run: workerd
  }
]

async function workerd({ folder }) {
  const { buildSync } = await load(folder, 'esbuild')
  const bundle = (entry, name) =>
    buildSync({
      entryPoints: [join(folder, entry)],
      outfile: join(folder, 'workerd', name),
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['workerd', 'import'],
      // node-forge is CommonJS and asks for built-in modules.
      banner: { js: "import { createRequire } from 'node:module';const require = createRequire('/');" },
      external: ['node:*', 'undici', 'qiniu', ...BUILT_IN],
      alias: Object.fromEntries(BUILT_IN.map((name) => [name, `node:${name}`])),
      logLevel: 'error'
    })
  bundle('workerd/worker.mjs', 'bundle.mjs')
  bundle('worker/worker.ts', 'snippet.mjs')
  const program = join(folder, 'node_modules/@cloudflare/workerd-linux-64/bin/workerd')
  const serve = (config, port) => ['serve', join(folder, 'workerd', config), '--socket-addr', `http=127.0.0.1:${port}`]
  const frameworks = {
    Workers: drive(folder, { command: [program, ...serve('snippet.capnp', 'PORT')], checks: MESSAGES })
  }
  const child = spawn(program, serve('config.capnp', 8789), { stdio: ['ignore', 'inherit', 'inherit'] })
  return { features: await whileUp(child, 'http://127.0.0.1:8789/'), frameworks }
}
const BUILT_IN = ['crypto', 'buffer', 'util', 'stream', 'zlib', 'module', 'events', 'url']
