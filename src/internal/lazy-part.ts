import { ConfigError } from '../errors/index.ts'

/** A part of the library that is loaded after the client that needs it was made, so that an import costs little. */
export interface LazyPart<T> {
  /** The part, once it was loaded. */
  readonly loaded: T | undefined
  /**
   * Loads it, once for all.
   *
   * @throws {ConfigError} `ERR_MISSING_DEPENDENCY` when a file of this library is missing.
   */
  load(): Promise<T>
  /** Starts loading it; nobody waits, and a failure is told to the call that needs it. */
  preload(): void
}

/** @param importPart an `import()` of the part */
export function lazyPart<T>(importPart: () => Promise<T>): LazyPart<T> {
  let loaded: T | undefined
  let loading: Promise<T> | undefined
  const load = async (): Promise<T> => {
    try {
      const part = await importPart()
      // Where everything is bundled into one file with a top-level `await` before it, its parts are not made yet.
      if (part === undefined) throw new Error('The part was not evaluated yet.')
      loaded = part
      return part
    } catch (cause) {
      // The next call tries again: the file may be back then. (Node 20 remembers that a file which this one imports was missing.)
      loading = undefined
      throw new ConfigError(
        'A part of weixin-kit could not be loaded; nothing was sent. Its files were removed or replaced while the process ran, ' +
          'or a bundler left a part out: install it again, or restart the process.',
        { code: 'ERR_MISSING_DEPENDENCY', option: 'weixin-kit', cause }
      )
    }
  }
  return {
    get loaded() {
      return loaded
    },
    load() {
      loading ??= load()
      return loading
    },
    preload() {
      this.load().catch(() => undefined)
    }
  }
}
