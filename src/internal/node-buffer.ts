type NodeBuffer = typeof import('node:buffer')

let loaded: NodeBuffer | undefined

/** Returns `node:buffer`, loaded on first use: an import would load parts of Node that nothing here needs. */
export function nodeBuffer(): NodeBuffer {
  loaded ??= process.getBuiltinModule('node:buffer')
  return loaded
}
