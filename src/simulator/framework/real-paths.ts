/** Paths that an upstream is known to have, simulated or not. */
export type RealPaths = (path: string) => boolean

/**
 * Makes a set of paths.
 *
 * @param list Paths between white space; a final `*` stands for every path that begins so.
 */
export function realPaths(list: string): RealPaths {
  const exact = new Set<string>()
  const prefixes: string[] = []
  for (const path of list.split(/\s+/)) {
    if (path.endsWith('*')) prefixes.push(path.slice(0, -1))
    else if (path !== '') exact.add(path)
  }
  return (path) => exact.has(path) || prefixes.some((prefix) => path.startsWith(prefix))
}

/** The simulated path that differs from a misspelt one by one or two letters. */
export function misspelt(path: string, known: readonly string[]): string | undefined {
  return known.find((one) => one !== path && Math.abs(one.length - path.length) <= 2 && distance(one, path) <= 2)
}

/** The simulated path of which one is a longer form in its last segment, as `checksessionkey` is of `checksession`. */
export function shortened(path: string, known: readonly string[]): string | undefined {
  return known.find((one) => path.startsWith(one) && /^\w{1,8}$/.test(path.slice(one.length)))
}

function distance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, i) => i)
  for (let i = 0; i < left.length; i++) {
    const row = [i + 1]
    for (let j = 0; j < right.length; j++) {
      const replaced = (previous[j] ?? 0) + (left[i] === right[j] ? 0 : 1)
      row.push(Math.min(replaced, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1))
    }
    previous = row
  }
  return previous[right.length] ?? 0
}
