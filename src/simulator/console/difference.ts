/** Where two texts differ: what is the same before, what differs in each, what is the same after. */
export interface Difference {
  readonly before: string
  readonly left: string
  readonly right: string
  readonly after: string
  /** Number of the first character that differs, from 1. */
  readonly at: number
}

export function differenceOf(left: string, right: string): Difference {
  const [a, b] = [[...left], [...right]]
  const most = Math.min(a.length, b.length)
  let start = 0
  while (start < most && a[start] === b[start]) start++
  let end = 0
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  return {
    before: a.slice(0, start).join(''),
    left: a.slice(start, a.length - end).join(''),
    right: b.slice(start, b.length - end).join(''),
    after: a.slice(a.length - end).join(''),
    at: start + 1
  }
}
