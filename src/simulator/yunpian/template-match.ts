const VARIABLE = /#(\w+)#/

/**
 * Whether a text is made from a template: each `#name#` stands for at least one character. Linear in the text, because
 * the texts come from outside.
 */
export function matchesTemplate(template: string, text: string): boolean {
  const literals = template.split(/#\w+#/)
  const first = literals[0] ?? ''
  if (literals.length === 1) return first === text
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const literal of literals.slice(1, -1)) {
    const found = text.indexOf(literal, at + 1)
    if (found < 0) return false
    at = found + literal.length
  }
  const last = literals.at(-1) ?? ''
  return text.length - last.length >= at + 1 && text.endsWith(last)
}

/** Fills a template; `undefined` when a variable has no value. */
export function fillTemplate(template: string, values: ReadonlyMap<string, string>): string | undefined {
  let isComplete = true
  const text = template.replace(new RegExp(VARIABLE, 'g'), (_, name: string) => {
    const value = values.get(name)
    if (!value) isComplete = false
    return value ?? ''
  })
  return isComplete ? text : undefined
}

/** The sign (签名) between 【 and 】 at the start of a text or template. */
export function signOf(text: string): string | undefined {
  return /^【([^【】]+)】/.exec(text)?.[1]
}

/** Charged segments: 70 characters, or 67 each when there are more. */
export function segmentsOf(text: string): number {
  return text.length <= 70 ? 1 : Math.ceil(text.length / 67)
}
