import forge from 'node-forge'

/** For bundlers and workerd, where nothing can be loaded later (`imports` in package.json). */
export function loadNodeForge(): typeof forge {
  return forge
}
