import { V3Failure } from '../failures.ts'
import { type ReadOptions, readShape } from './read-shape.ts'
import { type Json, LETTERS_AND_DIGITS, OUT_TRADE_NO, type TextShape, text } from './shape.ts'

/** What the path or an earlier parameter says is not said again. */
function mappedTwice(location: 'body' | 'query', name: string, { source = `/uri_template/${name}`, times = '' } = {}) {
  const field = `/${location}/${name}${times}`
  const issue = `此字段并非多重字段但被输入源“${source}”映射过了`
  const text = `无法将输入源“${field}”映射到目标字段“${name}”中，${issue}。`
  return new V3Failure(400, 'PARAM_ERROR', text, { field, issue, location })
}

/** Numbers in paths keep to the rules of their fields. */
const IN_PATHS: Readonly<Record<string, TextShape>> = {
  out_trade_no: OUT_TRADE_NO,
  out_batch_no: text(5, 32, LETTERS_AND_DIGITS),
  out_bill_no: text(1, 32, LETTERS_AND_DIGITS),
  out_detail_no: text(1, 32, LETTERS_AND_DIGITS)
}

interface Sources {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Json
}

/** Each parameter comes from one place: the path, the query or the body. */
export function checkSources({ params, query, body }: Sources, options: Omit<ReadOptions, 'location'>): void {
  for (const name of Object.keys(params)) {
    if (Object.hasOwn(body, name)) throw mappedTwice('body', name)
    if (query.has(name)) throw mappedTwice('query', name)
  }
  const seen = new Set<string>()
  const twice = [...query.keys()].find((name) => seen.has(name) || !seen.add(name))
  if (twice !== undefined) throw mappedTwice('query', twice, { source: `/query/${twice}`, times: '#2' })
  for (const [name, shape] of Object.entries(IN_PATHS)) {
    if (params[name] !== undefined) {
      readShape(shape, params[name], `/uri_template/${name}`, { ...options, location: 'uri_template' })
    }
  }
}
