import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const SRC = new URL('../../../src/', import.meta.url)
const IMPORT = /^(?:import|export) (?!type )(?:\{([^}]*)\}|\*)[^']*from '(\.[^']+)'/gm

/** The parts of each entry point that are loaded after a client, a gateway or a converter was made. */
const PARTS = {
  'mp/index.ts': ['mp/calls.ts'],
  'miniapp/index.ts': ['miniapp/calls.ts'],
  'gateway/index.ts': ['gateway/receiver.ts'],
  'pay/index.ts': ['pay/v2/calls.ts', 'pay/calls.ts'],
  'qiniu/index.ts': ['qiniu/calls.ts'],
  'yunpian/index.ts': ['yunpian/calls.ts'],
  'geetest/index.ts': ['geetest/calls.ts'],
  'adapters/index.ts': ['adapters/conversion.ts']
}
/** Published in one file for all entry points; of `wechat-api` what `tsup.config.ts` names. */
const COMMON = /^(?:errors|internal(?!\/pkcs12)|core)\//
const COMMON_OF_WECHAT = /^wechat-api\/(?:account|account-options|check-params|late-groups|errcodes\/errcode-info)\.ts$/

/** Modules that load with this one, by their statements and without the common ones; types are gone by then. */
function loadedWith(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path) || COMMON.test(path) || COMMON_OF_WECHAT.test(path)) return found
  found.add(path)
  const source = readFileSync(new URL(path, SRC), 'utf8')
  for (const [, names, target] of source.matchAll(IMPORT)) {
    const isTypesOnly = names?.split(',').every((name) => /^\s*(?:type\s|$)/.test(name))
    const file = new URL(target ?? '', new URL(path, SRC)).href.slice(SRC.href.length)
    if (!isTypesOnly) loadedWith(file, found)
  }
  return found
}

describe.each(Object.entries(PARTS))('%s', (entry, parts) => {
  const atOnce = loadedWith(entry)
  const later = parts.flatMap((part) => [...loadedWith(part)])

  it('loads what makes calls after the client', () => {
    expect(later.length).toBeGreaterThan(parts.length)
    expect([...atOnce].filter((file) => parts.includes(file) || file.endsWith('/wechat-api-client.ts'))).toEqual([])
  })

  // Whatever both sides import is published as a file of its own, which each import of the library has to load.
  it('shares nothing with what is loaded later', () => {
    expect(later.filter((file) => atOnce.has(file))).toEqual([])
  })
})

it('keeps the tables of pay for the calls', () => {
  const atOnce = [...loadedWith('pay/index.ts')]
  expect(atOnce.length).toBeGreaterThan(20)
  expect(atOnce.filter((file) => /endpoints|\/caller\.ts|check-params/.test(file))).toEqual([])
})
