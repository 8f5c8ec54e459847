/** Whether an `await` was forgotten: no option or parameter of this library is a promise. */
export function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** The problem of a value that a check refused; that it is a promise takes precedence over any other problem. */
export function wrongOr(value: unknown, problem: string): string {
  if (!isPromise(value)) return problem
  // `onPaid: book()` in place of `onPaid: book`: awaiting it would not give a function either.
  return problem.startsWith('must be a function')
    ? `${problem} and is a promise: pass the function itself, without calling it`
    : `${problem} and is a promise: await it first`
}
