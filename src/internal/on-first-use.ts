/** What is made when it is first asked for, and kept: tables that are made while a module is loaded show in every cold start. */
export function onFirstUse<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
