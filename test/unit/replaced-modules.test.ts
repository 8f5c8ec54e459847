import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const testsIn = (folder: string) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => folder + name.replaceAll('\\', '/'))
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

it('test files that replace modules are isolated, and no others', () => {
  const replacing = [...testsIn('test/'), ...testsIn('examples/')].filter((path) =>
    /^ *vi\.(?:mock|doMock|resetModules)\(/m.test(read(path))
  )
  const [, list = ''] = /const REPLACING = \[(.+?)\]/s.exec(read('vitest.config.ts')) ?? []
  expect(list.match(/[\w./-]+\.test\.ts/g)?.sort()).toEqual(replacing.sort())
})
