import { ConfigError } from '../errors/index.ts'

/**
 * Loads a package synchronously at its first use, so that importing this library does not pay for it.
 *
 * @throws {ConfigError} `ERR_MISSING_DEPENDENCY` when it cannot be found, which happens when an application was bundled
 *   into one file without its dependencies.
 */
export function requireLazily<T>(name: string): T {
  try {
    return process.getBuiltinModule('node:module').createRequire(import.meta.url)(name) as T
  } catch (cause) {
    throw new ConfigError(
      `The package "${name}" could not be loaded. It is installed together with this library; ` +
        `run "npm install ${name}", and mark it as external if you bundle your application.`,
      { code: 'ERR_MISSING_DEPENDENCY', option: name, cause }
    )
  }
}
