/** Whether UTF-8 can hold a text: half of a surrogate pair becomes U+FFFD there, and then is another text. */
export function isWellFormed(text: string): boolean {
  // Built in from Node 20 on, and ten times as fast as the expression; the types do not know it yet.
  const builtIn = (text as { isWellFormed?: () => boolean }).isWellFormed
  return builtIn ? builtIn.call(text) : !/\p{Surrogate}/u.test(text)
}
