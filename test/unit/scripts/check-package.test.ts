import { describe, expect, it } from 'vitest'
// @ts-expect-error: a script without types
import { missingFiles, publishProblems } from '../../../scripts/check-package.mjs'

const DOCUMENTS = [
  'README.md',
  'README.zh-CN.md',
  'CHANGELOG.md',
  'LICENSE',
  'docs/llms.txt',
  'docs/errors.md',
  'docs/errors.zh-CN.md',
  'docs/en/gateway.md',
  'docs/zh/gateway.md'
]

describe('the check before a package is packed', () => {
  const manifest = {
    main: './dist/index.cjs',
    bin: { kit: './dist/cli.js' },
    exports: { './mp': { import: { types: './dist/mp.d.ts', default: './dist/mp.js' } } }
  }

  it('names each file of exports, bin and main that is not packed', () => {
    expect(missingFiles(manifest, [...DOCUMENTS, 'dist/index.cjs', 'dist/mp.js'])).toEqual([
      'dist/mp.d.ts',
      'dist/cli.js'
    ])
  })

  it('passes a complete package', () => {
    const files = ['dist/index.cjs', 'dist/mp.js', 'dist/mp.d.ts', 'dist/cli.js']
    expect(missingFiles(manifest, [...DOCUMENTS, ...files])).toEqual([])
  })

  it('refuses to publish without a repository', () => {
    expect(publishProblems({})).toEqual([expect.stringContaining('repository')])
    expect(publishProblems({ repository: 'github:me/kit' })).toEqual([])
  })
})
