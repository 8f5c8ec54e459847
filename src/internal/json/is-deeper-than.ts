/** Whether objects and arrays are nested deeper than `limit`. Brackets inside strings do not count. */
export function isDeeperThan(text: string, limit: number): boolean {
  if (countUpTo(text, '{', limit) + countUpTo(text, '[', limit) <= limit) return false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) {
      at = endOfString(text, at)
    } else if (code === 123 || code === 91) {
      if (++depth > limit) return true
    } else if (code === 125 || code === 93) {
      depth--
    }
  }
  return false
}

/** Position of the quote that ends the string which starts at `start`; the text's length if there is none. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) return at
    if (code === 92) at++
  }
  return text.length
}

// Few brackets cannot be deep: most answers are settled by this without a look at every character.
function countUpTo(text: string, bracket: string, limit: number): number {
  let count = 0
  for (let at = text.indexOf(bracket); at >= 0 && count <= limit; at = text.indexOf(bracket, at + 1)) count++
  return count
}
