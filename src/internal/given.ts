/** A copy of an object without its `undefined` fields: an option that was not given must not replace a default. */
export function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values ?? {})) if (value !== undefined) result[name] = value
  return result as { [K in keyof T]: Exclude<T[K], undefined> }
}
