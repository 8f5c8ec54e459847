type NodeBuffer = typeof import('node:buffer')

let loaded: NodeBuffer | undefined

/** `node:buffer` at its first use: as an import it loads parts of Node that nothing here needs. */
export function nodeBuffer(): NodeBuffer {
  loaded ??= process.getBuiltinModule('node:buffer')
  return loaded
}
