// Node itself, the compiler of TypeScript, and runners of tests.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../support/package.mjs'
import { featuresOf, lines, node } from '../support/programs.mjs'

export const LANGUAGES = [
  {
    name: 'Node ESM',
    kind: 'node',
    files: ['node-esm', 'features'],
    packages: ['@opentelemetry/api@1'],
    run: ({ folder }) => {
      lines(run(node, [join(folder, 'node-esm/index.mjs')]))
      return { features: featuresOf(run(node, [join(folder, 'features/main.mjs')])) }
    }
  },
  {
    name: 'Node CommonJS',
    kind: 'node-cjs',
    files: ['node-cjs'],
    type: 'commonjs',
    run: ({ folder }) => void lines(run(node, ['--no-experimental-require-module', join(folder, 'node-cjs/index.cjs')]))
  },
  {
    name: 'TypeScript: node16, node10, bundler',
    kind: 'types',
    files: ['types-esm', 'types-cjs', 'types-resolution', 'tsconfig.json'],
    packages: ['typescript@5.9', '@types/node@20'],
    run: ({ folder }) => {
      const tsc = (...args) =>
        lines(run(node, [join(folder, 'node_modules/typescript/bin/tsc'), ...args], { cwd: folder }))
      writeFileSync(join(folder, 'types-esm/package.json'), '{"type":"module"}')
      tsc('-p', '.')
      writeFileSync(join(folder, 'built/types-esm/package.json'), '{"type":"module"}')
      lines(run(node, [join(folder, 'built/types-esm/index.js')]))
      lines(run(node, [join(folder, 'built/types-cjs/index.cjs')]))
      const strict = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node']
      tsc(...strict, '--module', 'commonjs', '--moduleResolution', 'node10', 'types-resolution/index.ts')
      tsc(...strict, '--module', 'esnext', '--moduleResolution', 'bundler', 'types-resolution/index.ts')
      console.log('types resolve in node16, node10 and bundler')
    }
  },
  {
    name: 'Jest, CommonJS and ESM',
    kind: 'jest',
    files: ['jest'],
    type: 'commonjs',
    packages: ['jest@30'],
    run: ({ folder }) => {
      const jest = join(folder, 'node_modules/jest/bin/jest.js')
      const options = { cwd: join(folder, 'jest'), stdio: ['ignore', 'inherit', 'pipe'] }
      run(node, [jest, '--rootDir', '.', 'first-call.test.cjs'], options)
      run(node, ['--experimental-vm-modules', '--no-warnings', jest, '--rootDir', '.', 'first-call.test.mjs'], options)
      console.log('jest ok: a first call answers under fake timers')
    }
  },
  {
    name: 'node:test',
    kind: 'node-test',
    files: ['jest'],
    run: ({ folder }) => {
      run(node, ['--test', join(folder, 'jest/first-call.node-test.mjs')])
      console.log('node:test ok: a first call answers under fake timers')
    }
  }
]
