import { BodyError } from '../../errors/index.ts'
import { inspectNumbers } from './inspect-numbers.ts'
import { isTooDeep } from './is-too-deep.ts'
import { repairJson } from './repair-json.ts'

const MAX_BYTES = 10 * 1024 * 1024
const MAX_DEPTH = 64

export interface ParseJsonOptions {
  /** Size limit in bytes, 10 MiB by default. */
  maxBytes?: number
  /** Levels of objects and arrays, 64 by default. */
  maxDepth?: number
}

/**
 * Parses JSON without loss: an integer beyond 2^53 becomes a string of its digits, raw control characters inside
 * strings are accepted as WeChat sends them, invalid UTF-8 becomes U+FFFD, a byte order mark is skipped. Everything
 * else works as in `JSON.parse`; a key `__proto__` is an own property and never sets a prototype.
 *
 * @throws {BodyError} `ERR_BODY_TOO_LARGE`, `ERR_BODY_MALFORMED`
 */
export function parseJson(input: string | Uint8Array, options: ParseJsonOptions = {}): unknown {
  const text = decode(input, options.maxBytes ?? MAX_BYTES)
  const maxDepth = options.maxDepth ?? MAX_DEPTH
  if (isTooDeep(text, maxDepth)) throw tooDeep(maxDepth)
  let value: unknown
  let isRepaired = false
  try {
    value = JSON.parse(text)
  } catch {
    value = parseRepaired(text)
    isRepaired = true
  }
  const verdict = inspectNumbers(value, maxDepth)
  if (verdict === 'too_deep') throw tooDeep(maxDepth)
  return verdict === 'exact' || isRepaired ? value : parseRepaired(text)
}

function tooDeep(maxDepth: number): BodyError {
  return new BodyError('malformed', `The JSON is nested deeper than ${maxDepth} levels.`)
}

function parseRepaired(text: string): unknown {
  try {
    return JSON.parse(repairJson(text))
  } catch {
    // The engine's message quotes the document: it is neither quoted nor kept as the cause.
    throw new BodyError('malformed', explain(text))
  }
}

function decode(input: string | Uint8Array, maxBytes: number): string {
  let text: string
  if (typeof input === 'string') {
    if (input.length * 3 > maxBytes) checkSize(Buffer.byteLength(input), maxBytes)
    text = input
  } else {
    checkSize(input.byteLength, maxBytes)
    text = Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('utf8')
  }
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function checkSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) {
    throw new BodyError('too_large', `The JSON has ${bytes} bytes; at most ${maxBytes} are accepted.`)
  }
}

function explain(text: string): string {
  const start = text.trimStart()
  if (start === '') return 'Expected JSON, but the body is empty.'
  if (start.startsWith('<')) {
    return 'Expected JSON, but the body is HTML or XML: probably an error page of a proxy or gateway.'
  }
  return `The body is not valid JSON (${text.length} characters): it is damaged or truncated.`
}
