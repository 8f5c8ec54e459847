export interface AppErrorOptions extends ErrorOptions {
  /** In place of the status that the table of codes has. */
  status?: number
}

/** Thrown by a route: answered with an error code of the app's document. Each app derives its own, with its codes. */
export class AppError<Code extends number> extends Error {
  readonly errorCode: Code
  readonly status: number | undefined

  constructor(errorCode: Code, { status, ...options }: AppErrorOptions = {}) {
    super(`error code ${errorCode}`, options)
    this.errorCode = errorCode
    this.status = status
  }
}
