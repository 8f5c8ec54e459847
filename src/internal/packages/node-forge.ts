import { createRequire } from 'node:module'
import type Forge from 'node-forge'

// Deployment tools that trace dependencies need this form with a literal name; bundlers use `node-forge-bundled.ts`.
const require = createRequire(import.meta.url)

/** Loaded on first use: most applications never need it. */
export function loadNodeForge(): typeof Forge {
  return require('node-forge') as typeof Forge
}
