import forge from 'node-forge'

/** For bundlers and workerd, where nothing can be loaded lazily (`imports` in package.json). */
export function loadNodeForge(): typeof forge {
  return forge
}
