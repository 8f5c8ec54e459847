type NodeCrypto = typeof import('node:crypto')

let loaded: NodeCrypto | undefined

/** Returns `node:crypto`, loaded on first use: loaded with the library, it would take a quarter of a cold start. */
export function nodeCrypto(): NodeCrypto {
  loaded ??= process.getBuiltinModule('node:crypto')
  return loaded
}
