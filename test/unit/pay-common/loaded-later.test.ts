import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const SRC = new URL('../../../src/', import.meta.url)
const IMPORT = /^(?:import|export) (?!type )(?:\{([^}]*)\}|\*)[^']*from '(\.[^']+)'/gm

/** Modules of the product that load with this one, by their statements; types are gone by then. */
function loadedWith(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found
  found.add(path)
  const source = readFileSync(new URL(path, SRC), 'utf8')
  for (const [, names, target] of source.matchAll(IMPORT)) {
    const isTypesOnly = names?.split(',').every((name) => /^\s*(?:type\s|$)/.test(name))
    const file = new URL(target ?? '', new URL(path, SRC)).href.slice(SRC.href.length)
    if (!isTypesOnly && file.startsWith('pay/')) loadedWith(file, found)
  }
  return found
}

const atOnce = loadedWith('pay/index.ts')
const v2 = loadedWith('pay/v2/calls.ts')
const v3 = loadedWith('pay/v3/calls.ts')

it('loads the tables and what makes a call after the client', () => {
  expect([atOnce.size, v2.size, v3.size].every((size) => size > 20)).toBe(true)
  expect([...atOnce].filter((file) => /endpoints|calls\.ts|\/caller\.ts|check-params/.test(file))).toEqual([])
})

// Whatever both sides import is published as a file of its own, which each import of the library has to load.
it('shares nothing between the clients and what they load later', () => {
  expect([...v2, ...v3].filter((file) => atOnce.has(file))).toEqual([])
})
