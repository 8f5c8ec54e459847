// Frameworks with the programs of docs/*/frameworks.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drive, MESSAGES } from '../support/drive.mjs'
import { run } from '../support/package.mjs'
import { lines, node } from '../support/programs.mjs'

const consumer = (name, example, packages, command) => ({
  name,
  kind: 'framework',
  files: ['drive'],
  examples: [example],
  packages,
  run: ({ folder }) => {
    const cwd = join(folder, example)
    return { frameworks: { [name]: drive(folder, { command: [node, ...command(cwd)], cwd, checks: MESSAGES }) } }
  }
})

const midway = (major) =>
  consumer(
    `Midway ${major}`,
    'midway',
    [
      ...['core', 'koa', 'bootstrap'].map((part) => `@midwayjs/${part}@${major}`),
      '@midwayjs/logger',
      'typescript@5.9',
      '@types/node@20'
    ],
    (cwd) => {
      const decorators = { experimentalDecorators: true, emitDecoratorMetadata: true }
      const modules = { module: 'commonjs', moduleResolution: 'node10', types: ['node'], outDir: 'dist' }
      const compilerOptions = { target: 'es2022', strict: true, skipLibCheck: true, ...decorators, ...modules }
      const configuration = join(cwd, 'src/configuration.ts')
      if (major < 4) {
        const text = readFileSync(configuration, 'utf8')
        writeFileSync(configuration, text.replace('CommonJSFileDetector, ', '').replace(/^ +detector: .*$/m, ''))
      }
      writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }))
      lines(run(node, [join(cwd, '../node_modules/typescript/bin/tsc'), '-p', '.'], { cwd }))
      return ['bootstrap.js']
    }
  )

/** As `egg-scripts start` does, with one worker. */
const START_EGG =
  "require('egg').startCluster({ baseDir: __dirname, port: Number(process.env.PORT), workers: 1, title: 'wechat-egg' })"
const egg = (major) =>
  consumer(`Egg ${major}`, 'egg', [`egg@${major}`], (cwd) => {
    writeFileSync(join(cwd, 'start.js'), START_EGG)
    return ['start.js']
  })
const thinkjs = (major) => consumer(`ThinkJS ${major}`, 'thinkjs', [`thinkjs@${major}`], () => ['production.js'])

/** Its older major installs beside the library, whose adapters name no framework as a peer. */
const fastify = (major) => ({
  ...consumer(`Fastify ${major}`, 'fastify', [`fastify@${major}`, 'typescript@5.9', '@types/node@20'], (cwd) => {
    const options = ['--strict', '--target', 'es2022', '--types', 'node', '--skipLibCheck', '--outDir', 'dist']
    const modules = ['--module', 'nodenext', '--moduleResolution', 'nodenext']
    lines(run(node, [join(cwd, '../node_modules/typescript/bin/tsc'), ...options, ...modules, 'server.ts'], { cwd }))
    return ['dist/server.js']
  }),
  withPeers: true
})

export const FRAMEWORKS = [egg(3), egg(4), midway(4), midway(3), thinkjs(4), thinkjs(3), fastify(4), fastify(5)]
