/** Internal: an algorithm or .p12 format that is not supported. The loader turns it into a `ConfigError`. */
export class UnsupportedError extends Error {}
