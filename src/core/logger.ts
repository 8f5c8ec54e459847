/** Where the library writes what a person may want to read. `console` fits. Fields are redacted before they arrive. */
export interface Logger {
  /**
   * Details of each attempt and of the token cache.
   *
   * @param message One line.
   * @param fields Structured context, secrets redacted.
   */
  debug?: ((message: string, fields?: Record<string, unknown>) => void) | undefined
  /**
   * What happens rarely in normal operation.
   *
   * @param message One line.
   * @param fields Structured context, secrets redacted.
   */
  info?: ((message: string, fields?: Record<string, unknown>) => void) | undefined
  /**
   * What works, but deserves attention.
   *
   * @param message One line.
   * @param fields Structured context, secrets redacted.
   */
  warn?: ((message: string, fields?: Record<string, unknown>) => void) | undefined
  /**
   * What failed and reached no caller.
   *
   * @param message One line.
   * @param fields Structured context, secrets redacted.
   */
  error?: ((message: string, fields?: Record<string, unknown>) => void) | undefined
}
