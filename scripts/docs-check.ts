// Type-checks every ```ts block of the README files and guides on its own, against the public entry points, and checks
// that every guide exists in both languages with the same outline, that relative links lead somewhere, and that blocks which name
// a file are that file.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const guides = (language: string) =>
  readdirSync(join(root, 'docs', language))
    .filter((file) => file.endsWith('.md'))
    .sort()
const pages = [
  'README.md',
  'README.zh-CN.md',
  'docs/contributing.md',
  'docs/contributing.zh-CN.md',
  ...guides('en').map((file) => `docs/en/${file}`),
  ...guides('zh').map((file) => `docs/zh/${file}`)
]
const problems: string[] = []

checkLanguages()
for (const page of pages) checkLinks(page)
for (const page of pages) checkFiles(page)
checkCode()

for (const problem of problems) console.error(problem)
console.log(`docs: ${pages.length} pages, ${problems.length} problems`)
if (problems.length > 0) process.exitCode = 1

function checkLanguages(): void {
  const [en, zh] = [guides('en'), guides('zh')]
  for (const file of en) if (!zh.includes(file)) problems.push(`docs/zh/${file} is missing`)
  for (const file of zh) if (!en.includes(file)) problems.push(`docs/en/${file} is missing`)
  for (const file of en.filter((name) => zh.includes(name))) {
    const count = (language: string) => (outline(`docs/${language}/${file}`).match(/^#+ /gm) ?? []).length
    if (count('en') !== count('zh'))
      problems.push(`docs/{en,zh}/${file}: the outlines differ (${count('en')} and ${count('zh')} headings)`)
  }
}

function outline(page: string): string {
  return readFileSync(join(root, page), 'utf8').replace(/```[\s\S]*?```/g, '')
}

function checkLinks(page: string): void {
  for (const [, target = ''] of outline(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
    if (/^[a-z]+:/.test(target)) continue
    if (!existsSync(join(root, dirname(page), target))) problems.push(`${page}: dead link ${target}`)
  }
}

/** A block that names a file (```ts file=examples/…) is that file, which a test or a consumer runs. */
function checkFiles(page: string): void {
  const text = readFileSync(join(root, page), 'utf8')
  for (const [, file = '', code] of text.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```/gm)) {
    const path = join(root, file)
    if (!existsSync(path)) problems.push(`${page}: there is no ${file}`)
    else if (readFileSync(path, 'utf8').trim() !== code?.trim()) problems.push(`${page}: differs from ${file}`)
  }
}

function checkCode(): void {
  const folder = join(root, '.tmp/docs-check')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const origin = new Map<string, string>()
  for (const page of pages) {
    const text = readFileSync(join(root, page), 'utf8')
    let index = 0
    for (const match of text.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```/gm)) {
      const file = join(folder, `${page.replace(/\W/g, '-')}-${index++}.ts`)
      writeFileSync(file, `${match[1]}\nexport {}\n`)
      origin.set(file, `${page}:${text.slice(0, match.index).split('\n').length + 1}`)
    }
  }
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const program = ts.createProgram([...origin.keys()], { ...options, noUnusedLocals: false })
  for (const file of origin.keys()) {
    const source = program.getSourceFile(file)
    for (const diagnostic of ts.getPreEmitDiagnostics(program, source)) {
      const line =
        source && diagnostic.start !== undefined ? source.getLineAndCharacterOfPosition(diagnostic.start).line : 0
      problems.push(`${origin.get(file)} (+${line}): ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`)
    }
  }
}
