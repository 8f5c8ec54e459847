/** Computes a value on first use and keeps it: tables built while a module loads slow down every cold start. */
export function onFirstUse<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
