import { ConfigError } from '../errors/index.ts'

/**
 * Runs `load`; if the package cannot be found (the application was copied or bundled without it), the error names it.
 *
 * @throws {ConfigError} ERR_MISSING_DEPENDENCY
 */
export function orMissingPackage<T>(name: string, load: () => T): T {
  try {
    return load()
  } catch (cause) {
    throw new ConfigError(
      `The package "${name}" could not be loaded. It is installed together with this library; ` +
        `run "npm install ${name}", and mark it as external if you bundle your application.`,
      { code: 'ERR_MISSING_DEPENDENCY', option: name, cause }
    )
  }
}
