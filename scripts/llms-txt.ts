// Writes docs/llms.txt, the index of the documentation for tools that read (llmstxt.org); `--check` fails when it is stale.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { description, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  description: string
  exports: Record<string, unknown>
}

/** Title and first sentence of a page. */
function entryOf(path: string): string {
  const text = readFileSync(join(root, 'docs', path), 'utf8')
  const title = /^# (.+)$/m.exec(text)?.[1] ?? path
  const paragraph =
    text
      .slice(text.indexOf(title) + title.length)
      .split(/\n\s*\n/)
      .map((part) => part.trim())
      .find((part) => /^[\p{L}`*[]/u.test(part)) ?? ''
  const sentence = /^[\s\S]*?[.。:：](?=\s|$|[^\w/])/.exec(paragraph)?.[0] ?? paragraph
  return `- [${title}](${path}): ${sentence.replace(/\s+/g, ' ').replace(/:$/, '.').replace(/：$/, '。')}`
}

const guides = (language: string) =>
  readdirSync(join(root, 'docs', language))
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => entryOf(`${language}/${file}`))

const interfaces = Object.keys(exports)
  .filter((entry) => entry !== './package.json')
  .map((entry) => {
    const name = entry === '.' ? 'index' : entry.slice(2).replace('/', '-')
    return `- weixin-kit${entry.slice(1)}: \`dist/${name}.d.ts\``
  })

const page = `# weixin-kit

> ${description}

Nothing from the network reaches user code before it has been verified; everything runs offline on a simulator; every error has a
stable code and says what to do. Node.js 20.18.1 or newer, ESM and CommonJS. Amounts are integers in fen. Wire fields keep the
spelling of the upstream documentation; everything else is camelCase. Network methods take \`RequestOptions\` last and return the parsed body.
All code blocks in these pages are type-checked.

## Guides

${guides('en').join('\n')}

## Reference

- [README](../README.md): installation, entry points, promises and limits.
- [Errors](errors.md): every code, its class and its meaning; [in Chinese](errors.zh-CN.md).
- [Performance](performance.md): what calls and messages cost; [in Chinese](performance.zh-CN.md).
- [Contributing](contributing.md): code layout, how to add an endpoint.

## Type declarations of each entry point, with the documentation of every export

${interfaces.join('\n')}

## 中文指南

${guides('zh').join('\n')}
`

const file = join(root, 'docs/llms.txt')
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== page)
    throw new Error('docs/llms.txt is stale: run `npm run docs:index` and commit it.')
} else {
  writeFileSync(file, page)
}
