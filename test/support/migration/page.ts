import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url))

/** `before` is JavaScript for the old package, `after` TypeScript for this library. They export the same names. */
export interface Pair {
  readonly before: string
  readonly after: string
}

export const PAGES = readdirSync(`${docs}en`).filter((file) => /^migrate-.*\.md$/.test(file))

export const readPage = (language: 'en' | 'zh', page: string): string =>
  readFileSync(`${docs}${language}/${page}`, 'utf8')

/** Every `js` block of a page with the `ts` block that follows it. */
export function readPairs(language: 'en' | 'zh', page: string): Pair[] {
  const blocks = [...readPage(language, page).matchAll(/^```(js|ts)\n([\s\S]*?)^```/gm)].map(([, kind, code = '']) => ({
    kind,
    code
  }))
  const pairs: Pair[] = []
  for (let i = 0; i < blocks.length; i += 2) {
    const [before, after] = [blocks[i], blocks[i + 1]]
    if (before?.kind !== 'js' || after?.kind !== 'ts')
      throw new Error(`${language}/${page}: block ${i + 1} must be js and block ${i + 2} ts`)
    pairs.push({ before: before.code, after: after.code })
  }
  return pairs
}
