import { toStateJson } from './state-json.ts'

/** Characters that are handed on at once. */
const PIECE = 256 * 1024
/** Below this depth a value is small: one record, one message. */
const DEEPEST = 6

/**
 * @internal JSON of a state, as {@link toStateJson} makes it, in pieces: whoever writes a large one can do other things in between.
 */
export function* stateText(value: unknown): Generator<string, void, undefined> {
  let held = ''
  for (const text of parts(value, 0)) {
    held += text
    if (held.length < PIECE) continue
    yield held
    held = ''
  }
  if (held !== '') yield held
}

function* parts(value: unknown, depth: number): Generator<string, void, undefined> {
  const isPlain = typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
  if (!isPlain || depth >= DEEPEST) {
    yield JSON.stringify(toStateJson(value)) ?? 'null'
    return
  }
  if (value instanceof Map) yield* list('{"$map":[', [...value], ']}', depth)
  else if (value instanceof Set) yield* list('{"$set":[', [...value], ']}', depth)
  else if (Array.isArray(value)) yield* list('[', value, ']', depth)
  else {
    let separator = '{'
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined || typeof item === 'function') continue
      yield `${separator}${JSON.stringify(key)}:`
      yield* parts(item, depth + 1)
      separator = ','
    }
    yield separator === '{' ? '{}' : '}'
  }
}

function* list(
  open: string,
  items: readonly unknown[],
  close: string,
  depth: number
): Generator<string, void, undefined> {
  yield open
  for (const [i, item] of items.entries()) {
    if (i > 0) yield ','
    yield* parts(item, depth + 1)
  }
  yield close
}
