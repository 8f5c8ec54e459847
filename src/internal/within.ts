/**
 * Resolves to the result of `work`, or rejects with `late()` after `ms` milliseconds. The work itself goes on.
 *
 * @param keepsAlive Whether the process waits for the time limit if nothing else keeps it running.
 */
export async function within<T>(
  ms: number,
  work: () => T | Promise<T>,
  late: () => Error,
  keepsAlive = true
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms)
    if (!keepsAlive) timer.unref()
  })
  try {
    return await Promise.race([work(), timeout])
  } finally {
    clearTimeout(timer)
  }
}
