/**
 * Gives an error to a reporter of the application (`onError`). What the reporter itself throws is printed and decides nothing: neither
 * the response nor, where nobody waits for it, the end of the process.
 */
export async function report<Context>(
  onError: ((error: unknown, context: Context) => unknown) | undefined,
  error: unknown,
  context: Context
): Promise<void> {
  try {
    await onError?.(error, context)
  } catch (second) {
    console.error(second)
  }
}
