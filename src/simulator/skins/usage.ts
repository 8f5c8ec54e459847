/** Checks the JSON arguments of a call against `name(first: text|object, second?: number)`. */
export interface Usage {
  readonly name: string
  readonly text: string
  /** What is wrong, as a sentence. */
  problem(args: readonly unknown[]): string | undefined
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
const TYPES: Readonly<Record<string, readonly [(value: unknown) => boolean, string]>> = {
  text: [(value) => typeof value === 'string' && value !== '', 'a text'],
  number: [(value) => typeof value === 'number', 'a number'],
  flag: [(value) => typeof value === 'boolean', 'true or false'],
  object: [isObject, 'an object'],
  texts: [(value) => Array.isArray(value) && value.every((one) => typeof one === 'string'), 'a list of texts']
}

function readUsage(line: string): Usage {
  const [, name = '', inner = ''] = /^(\w+)\((.*)\)$/.exec(line) ?? []
  const params = inner.split(/,\s*/).filter(Boolean)
  const rules = params.map((param) => {
    const [, label = '', optional, types = ''] = /^(\w+)(\?)?: ([\w|]+)$/.exec(param) ?? []
    return { label, isOptional: optional !== undefined, types: types.split('|').map((type) => TYPES[type]) }
  })
  return {
    name,
    text: line,
    problem: (args) => {
      if (args.length > rules.length) {
        return `${name} takes ${rules.length === 0 ? 'no arguments' : `at most ${rules.length}`}: ${line}`
      }
      for (const [i, { label, isOptional, types }] of rules.entries()) {
        const value = args[i]
        if (value === undefined || value === null) {
          if (!isOptional) return `${name} needs ${label} (${types.map((type) => type?.[1]).join(' or ')}): ${line}`
        } else if (!types.some((type) => type?.[0](value))) {
          return `${name}: ${label} must be ${types.map((type) => type?.[1]).join(' or ')}: ${line}`
        }
      }
      return undefined
    }
  }
}

/** One usage a line, by name. */
export function usages(lines: string): ReadonlyMap<string, Usage> {
  const all = lines
    .trim()
    .split(/\s*\n\s*/)
    .map(readUsage)
  return new Map(all.map((usage) => [usage.name, usage]))
}
