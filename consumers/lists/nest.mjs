// NestJS on both platforms, compiled as its command does.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drive, MESSAGES, PAYMENTS } from '../support/drive.mjs'
import { run } from '../support/package.mjs'
import { lines, node } from '../support/programs.mjs'

const nest = (major, compilerOptions, type) => ({
  name: `NestJS ${major}`,
  kind: 'nest',
  files: ['nest', 'drive'],
  type,
  packages: [
    ...['common', 'core', 'platform-express', 'platform-fastify'].map((part) => `@nestjs/${part}@${major}`),
    'reflect-metadata@0.2',
    'rxjs@7',
    'typescript@5.9',
    '@types/node@20'
  ],
  run: ({ folder }) => {
    const decorators = { experimentalDecorators: true, emitDecoratorMetadata: true }
    const options = { target: 'es2022', strict: true, skipLibCheck: true, types: ['node'], ...decorators }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...options, ...compilerOptions, outDir: 'dist' }, include: ['nest/src'] })
    )
    lines(run(node, [join(folder, 'node_modules/typescript/bin/tsc'), '-p', '.'], { cwd: folder }))
    const checks = [...MESSAGES, ...PAYMENTS, 'guards and filters of the application']
    const on = (platform) =>
      drive(folder, {
        command: [node, join(folder, 'dist/main.js')],
        prefix: '/api',
        checks,
        env: { PLATFORM: platform }
      })
    return { frameworks: { [`Nest ${major}, Express`]: on('express'), [`Nest ${major}, Fastify`]: on('fastify') } }
  }
})

const COMMONJS = { module: 'commonjs', moduleResolution: 'node10' }

export const NEST = [
  nest(11, COMMONJS, 'commonjs'),
  nest(10, COMMONJS, 'commonjs'),
  nest(12, { module: 'nodenext', moduleResolution: 'nodenext' }, 'module')
]
