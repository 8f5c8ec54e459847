import { BodyError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import { withTextIds } from './read-response.ts'

/** Reads the JSON of a form field that Yunpian encodes once or, from some of its servers, twice. */
export function readPushField(body: Uint8Array, names: readonly string[]): unknown {
  const form = new URLSearchParams(new TextDecoder().decode(body))
  const name = names.find((one) => form.has(one))
  if (name === undefined) {
    throw new BodyError('malformed', `Expected a form with the field ${names.join(' or ')}.`, { product: 'yunpian' })
  }
  let value = form.get(name) ?? ''
  if (/^%(?:5B|7B)/i.test(value)) value = new URLSearchParams(`x=${value}`).get('x') ?? ''
  return withTextIds(parseJson(value))
}

/** The items of a push: objects only. */
export function recordsOf(value: unknown): Record<string, unknown>[] {
  const items = Array.isArray(value) ? value : [value]
  return items.map((item: unknown) => {
    if (typeof item === 'object' && item !== null && !Array.isArray(item)) return item as Record<string, unknown>
    throw new BodyError('malformed', 'Expected JSON objects in the push.', { product: 'yunpian' })
  })
}
