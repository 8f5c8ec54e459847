/** Receives the log lines of the library; `console` works. Fields are redacted before they arrive. */
export interface Logger {
  /**
   * Details of each attempt and of the token cache.
   *
   * @param message One line.
   * @param fields Structured context, secrets redacted.
   */
  debug?: ((message: string, fields?: Record<string, unknown>) => void) | undefined
  /**
   * Rare events of normal operation.
   *
   * @param message One line.
   * @param fields Structured context, secrets redacted.
   */
  info?: ((message: string, fields?: Record<string, unknown>) => void) | undefined
  /**
   * Something works but deserves attention.
   *
   * @param message One line.
   * @param fields Structured context, secrets redacted.
   */
  warn?: ((message: string, fields?: Record<string, unknown>) => void) | undefined
  /**
   * A failure that was not reported to any caller.
   *
   * @param message One line.
   * @param fields Structured context, secrets redacted.
   */
  error?: ((message: string, fields?: Record<string, unknown>) => void) | undefined
}
