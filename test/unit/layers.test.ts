import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))
/** What a file may import besides its own folder; type-only imports count too. */
const BASE = ['errors', 'internal', 'core']
const PRODUCTS = ['mp', 'miniapp', 'gateway', 'pay', 'qiniu', 'yunpian', 'geetest']
const MAY_IMPORT: Record<string, readonly string[]> = {
  errors: [],
  internal: ['errors'],
  core: ['errors', 'internal'],
  'wechat-api': BASE,
  mp: [...BASE, 'wechat-api'],
  miniapp: [...BASE, 'wechat-api'],
  gateway: BASE,
  pay: BASE,
  qiniu: BASE,
  yunpian: BASE,
  geetest: BASE,
  redis: BASE,
  otel: BASE,
  adapters: [...BASE, 'wechat-api', ...PRODUCTS],
  nest: [...BASE, 'wechat-api', ...PRODUCTS, 'adapters'],
  lambda: [...BASE, 'adapters'],
  simulator: BASE,
  index: BASE
}
/** Only the command runs everything. */
const TOP = ['cli']

const IMPORT = /(?:^(?:import|export)\s[^'"`;]*?from\s+|^import\s+|\bimport\()'(\.{1,2}\/[^']+)'/gm

const graph = new Map<string, string[]>()
for (const file of readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))) {
  const code = readFileSync(join(SRC, file), 'utf8').replace(/^ *(?:\/\*\*?|\*|\/\/).*$/gm, '')
  graph.set(
    file,
    [...code.matchAll(IMPORT)].map(([, target = '']) => normalize(join(dirname(file), target)))
  )
}

const layerOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace(/\.tsx?$/, ''))

/** One circle through each file that is part of any. */
function circles(): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const path: string[] = []
  const visit = (file: string): void => {
    const at = path.indexOf(file)
    if (at >= 0) found.push([...path.slice(at), file].join(' → '))
    if (at >= 0 || done.has(file)) return
    path.push(file)
    for (const target of graph.get(file) ?? []) visit(target)
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) visit(file)
  return found
}

describe('imports in src', () => {
  it('are read', () => {
    expect(graph.size).toBeGreaterThan(300)
    expect([...graph.values()].flat().filter((target) => !graph.has(target))).toEqual([])
  })

  it('go one way: errors ← internal ← core ← wechat-api ← products ← adapters, simulator, cli', () => {
    const wrong = [...graph].flatMap(([file, targets]) => {
      const layer = layerOf(file)
      if (TOP.includes(layer)) return []
      const allowed = MAY_IMPORT[layer]
      if (!allowed) return [`${file}: the layer ${layer} is not known`]
      return targets
        .filter((target) => layerOf(target) !== layer && !allowed.includes(layerOf(target)))
        .map((target) => `${file} imports ${target}`)
    })
    expect(wrong).toEqual([])
  })

  it('have no circles, not even of types', () => {
    expect(circles()).toEqual([])
  })
})
