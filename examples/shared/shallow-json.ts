const MOST_LEVELS = 100

/** JSON that is nested no deeper than anything of ours: some 10,000 levels end a process of Node.js 26 inside `JSON.parse`. */
export function parseShallowJson(text: string): unknown {
  let level = 0
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (part === '[' || part === '{') level++
    else if (part === ']' || part === '}') level--
    if (level > MOST_LEVELS) throw new SyntaxError('The JSON is nested too deep')
  }
  return JSON.parse(text)
}
