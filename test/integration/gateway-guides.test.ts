import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const SNIPPETS = [
  'express/server',
  'koa/server',
  'fastify/server',
  'hono/server',
  'next/app/wechat/route',
  'node/server'
]

function blocksOf(language: string, guide: string): string[] {
  const text = readFileSync(new URL(`docs/${language}/${guide}.md`, root), 'utf8')
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
}

describe.each(['en', 'zh'])('the guides in %s', (language) => {
  test.each(['gateway', 'frameworks'])('%s: the program under "Test it" runs as written', async (guide) => {
    const program = blocksOf(language, guide).at(-1) ?? ''
    expect(program).toContain('assert')
    const folder = new URL('.tmp/guides/', root)
    mkdirSync(folder, { recursive: true })
    const file = new URL(`${language}-${guide}.ts`, folder)
    writeFileSync(file, `${program}\nexport const done = true\n`)
    expect(await import(file.href)).toMatchObject({ done: true })
  })

  test('frameworks: the programs are those that are started and driven by tests', () => {
    const text = readFileSync(new URL(`docs/${language}/frameworks.md`, root), 'utf8')
    const shown = [...text.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```/gm)].map(([, file = '', code]) => [file, code])
    expect(shown).toEqual(shown.map(([file = '']) => [file, readFileSync(new URL(file, root), 'utf8')]))
    const files = shown.map(([file]) => file)
    expect(files).toEqual(expect.arrayContaining(SNIPPETS.map((name) => `examples/snippets/${name}.ts`)))
  })
})
