/** @internal A fault that is no HTTP response; every skin shows it in its own way. */
export class ConnectionFault extends Error {
  readonly how: 'reset' | 'timeout'

  constructor(how: 'reset' | 'timeout') {
    super(`simulated ${how}`)
    this.how = how
  }
}

/** @internal How a connection is to fail, when `error` says so. By name, because entry points may hold copies of the class. */
export function connectionFaultOf(error: unknown): 'reset' | 'timeout' | undefined {
  return error instanceof Error && 'how' in error && (error.how === 'reset' || error.how === 'timeout')
    ? error.how
    : undefined
}
