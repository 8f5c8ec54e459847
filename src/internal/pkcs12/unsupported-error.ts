/** Internal: an algorithm or form of .p12 that is not read. The loader turns it into a `ConfigError`. */
export class UnsupportedError extends Error {}
