import { expect, test } from 'vitest'
import { ConfigError } from '../../../src/errors/index.ts'
import { orMissingPackage } from '../../../src/internal/missing-package.ts'
import { loadFastXmlParser } from '../../../src/internal/packages/fast-xml-parser.ts'
import * as bundledXml from '../../../src/internal/packages/fast-xml-parser-bundled.ts'
import { loadNodeForge } from '../../../src/internal/packages/node-forge.ts'
import * as bundledForge from '../../../src/internal/packages/node-forge-bundled.ts'

test('loads the same packages in Node and in bundles', () => {
  expect(Object.keys(loadFastXmlParser())).toContain('XMLParser')
  expect(bundledXml.loadFastXmlParser().XMLParser).toBeTypeOf('function')
  expect(bundledForge.loadNodeForge().rc2).toEqual(loadNodeForge().rc2)
})

test('a package that is not there is named', () => {
  const load = () => {
    throw new Error('not found')
  }
  try {
    orMissingPackage('weixin-kit-no-such-package', load)
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).code).toBe('ERR_MISSING_DEPENDENCY')
    expect((error as ConfigError).message).toContain('npm install weixin-kit-no-such-package')
  }
})
