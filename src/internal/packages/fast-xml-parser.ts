import { createRequire } from 'node:module'
import type * as FastXmlParser from 'fast-xml-parser'

// Deployment tools that trace dependencies need this form with a literal name; bundlers use
// `fast-xml-parser-bundled.ts`.
const require = createRequire(import.meta.url)

/** Loaded on first use: most applications never need it. */
export function loadFastXmlParser(): typeof FastXmlParser {
  return require('fast-xml-parser') as typeof FastXmlParser
}
