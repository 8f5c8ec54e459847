// Serverless functions with AWS-style events, and the types that their authors use.
import { join } from 'node:path'
import { run } from '../support/package.mjs'
import { featuresOf, lines, node } from '../support/programs.mjs'

export const FUNCTIONS = [
  {
    name: 'AWS Lambda',
    kind: 'lambda',
    files: ['lambda'],
    packages: ['@types/aws-lambda@8', 'typescript@5.9', '@types/node@20'],
    run: ({ folder }) => {
      const strict = ['--strict', '--target', 'es2022', '--types', 'node', '--skipLibCheck']
      const modules = ['--module', 'nodenext', '--moduleResolution', 'nodenext', '--outDir', 'dist']
      const tsc = join(folder, 'node_modules/typescript/bin/tsc')
      lines(run(node, [tsc, ...strict, ...modules, 'lambda/handler.ts'], { cwd: folder }))
      return { frameworks: { Lambda: featuresOf(run(node, [join(folder, 'lambda/invoke.mjs')])) } }
    }
  }
]
