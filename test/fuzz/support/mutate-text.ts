import type { SeededRandom } from './random.ts'

/** What attackers and broken proxies put into a message: separators of signatures, of XML, JSON and forms, and look-alikes. */
const INSERTS = [
  '0',
  '1',
  '9',
  'A',
  'a',
  '&',
  '=',
  ',',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\0',
  '%',
  '+',
  '/',
  '<',
  '>',
  ']]>',
  '<![CDATA[',
  '&amp;',
  '&#48;',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  'e9',
  '.0',
  '-',
  '\u00a0',
  '\ufeff',
  '０',
  '\ud800',
  '<!---->',
  '<a/>',
  '</xml>',
  '%00',
  '%2B'
]

type Mutation = (text: string, random: SeededRandom) => string

const cut = (text: string, from: number, to: number, middle = ''): string =>
  text.slice(0, from) + middle + text.slice(to)

/** Start and end of a part of the text. */
function range(text: string, random: SeededRandom, longest = 40): [number, number] {
  const from = random.below(text.length)
  return [from, Math.min(text.length, from + 1 + random.below(longest))]
}

const MUTATIONS: readonly Mutation[] = [
  (text, random) => cut(text, ...range(text, random, 3)),
  (text, random) => cut(text, ...range(text, random)),
  (text, random) => {
    const at = random.below(text.length + 1)
    return cut(text, at, at, random.pick(INSERTS))
  },
  (text, random) => {
    const at = random.below(text.length)
    return cut(text, at, at + 1, random.pick(INSERTS))
  },
  (text, random) => {
    const at = random.below(text.length)
    return cut(text, at, at + 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(7))))
  },
  (text, random) => {
    const [from, to] = range(text, random)
    return cut(text, to, to, text.slice(from, to))
  },
  (text, random) => {
    const [from, to] = range(text, random)
    const at = random.below(text.length)
    return cut(text, at, at, text.slice(from, to))
  },
  (text, random) => {
    const digits = [...text.matchAll(/\d/g)]
    const digit = digits.length > 0 ? random.pick(digits) : undefined
    return digit ? cut(text, digit.index, digit.index + 1, String(random.below(10))) : text
  },
  (text, random) => {
    const [from, to] = range(text, random)
    const part = text.slice(from, to)
    return cut(text, from, to, part === part.toUpperCase() ? part.toLowerCase() : part.toUpperCase())
  },
  (text) => `${text}${text}`,
  (text, random) => text.slice(0, random.below(text.length))
]

/** The text with one to three changes of the kinds that transports and attackers make. */
export function mutateText(text: string, random: SeededRandom): string {
  let mutant = text
  for (let count = 1 + random.below(3); count > 0 && mutant !== ''; count--)
    mutant = random.pick(MUTATIONS)(mutant, random)
  return mutant
}

/** Fields with a change of one value, or of what belongs to which name. */
export function mutateFields(fields: Readonly<Record<string, string>>, random: SeededRandom): Record<string, string> {
  const names = Object.keys(fields).sort()
  const [name, other] = [random.pick(names), random.pick(names)]
  const [value = '', otherValue = ''] = [fields[name], fields[other]]
  const next = names[names.indexOf(name) + 1] ?? other
  const without = Object.fromEntries(Object.entries(fields).filter(([key]) => key !== next))
  return random.pick<() => Record<string, string>>([
    () => ({ ...fields, [name]: mutateText(value || 'x', random) }),
    () => ({ ...fields, [name]: otherValue, [other]: value }),
    () => ({ ...fields, [name]: otherValue }),
    () => ({ ...fields, [mutateText(name, random)]: value }),
    () => Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name)),
    // What is joined before it is signed can be cut up anew: a value takes in its neighbour.
    () => ({ ...without, [name]: `${value}&${next}=${fields[next]}` }),
    () => ({ ...without, [name]: `${value},${fields[next]}` }),
    () => ({
      ...fields,
      [name]: value.slice(0, value.indexOf('&') + 1),
      [`${name}0`]: value.slice(value.indexOf('&') + 1)
    }),
    // Everything moves by one name.
    () => Object.fromEntries(names.map((key, index) => [key, fields[names[index + 1] ?? ''] ?? value]))
  ])()
}
