import { createRequire } from 'node:module'
import type Forge from 'node-forge'

// This form and a literal name are what tracers of deployments follow; for bundlers there is `node-forge-bundled.ts`.
const require = createRequire(import.meta.url)

/** Loaded at its first use: most applications never need it. */
export function loadNodeForge(): typeof Forge {
  return require('node-forge') as typeof Forge
}
