import { createRequire } from 'node:module'
import type * as FastXmlParser from 'fast-xml-parser'

// This form and a literal name are what tracers of deployments follow; for bundlers there is `fast-xml-parser-bundled.ts`.
const require = createRequire(import.meta.url)

/** Loaded at its first use: most applications never need it. */
export function loadFastXmlParser(): typeof FastXmlParser {
  return require('fast-xml-parser') as typeof FastXmlParser
}
