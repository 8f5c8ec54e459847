import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

// The last block of each guide is a whole program that fails when the library does not do what the guide says.
const GUIDES = ['web-login', 'js-sdk', 'mini-program-login', 'media', 'messages']
const root = new URL('../../', import.meta.url)

describe.each(['en', 'zh'])('the guides in %s', (language) => {
  it.each(GUIDES)('%s: the program under "Test it" runs as written', async (guide) => {
    const text = readFileSync(new URL(`docs/${language}/${guide}.md`, root), 'utf8')
    const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)
    const program = blocks.at(-1) ?? ''
    expect(program).toContain('assert')
    const folder = new URL('.tmp/guides/', root)
    mkdirSync(folder, { recursive: true })
    const file = new URL(`${language}-${guide}.ts`, folder)
    writeFileSync(file, `${program}\nexport const done = true\n`)
    expect(await import(file.href)).toMatchObject({ done: true })
  })
})
