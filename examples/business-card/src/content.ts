import { z } from 'zod'
import { filled, oneOf, plain } from '../../shared/fields.ts'
import { parseShallowJson } from '../../shared/shallow-json.ts'
import { AppError } from './error-codes.ts'
import { read } from './input.ts'

/** Content of a chat message, as it is kept. The alternatives of the document, and `url` for the two that it leaves open. */
export type MessageContent =
  | { info_type: 1 | 3; msg: string; phone_sealed?: string }
  | { info_type: 2; product_cover_url: string; product_name: string; product_price: string }
  | { info_type: 4 | 5; url: string }

/** What a list shows of it. */
export const textOf = (content: MessageContent) =>
  'msg' in content ? content.msg : 'product_name' in content ? content.product_name : ''

const TYPE = z.object({ info_type: oneOf(1, 2, 3, 4, 5) })
const TEXT = z.object({ msg: filled(2000, true) })
const PRODUCT = z.object({ product_cover_url: plain(512), product_name: filled(200), product_price: plain(100) })
const MEDIA = z.object({ url: filled(512) })
/** Below `statics/`, without a way out. */
const OWN = /^statics\/(?!.*\.\.)[\w./-]+$/

/** `content` of a message: an object, or its JSON text. Keys that nobody knows are dropped. */
export function readContent(given: unknown, mediaHosts: readonly string[]): MessageContent {
  const fields = z.record(z.string(), z.unknown()).safeParse(typeof given === 'string' ? parse(given) : given)
  if (!fields.success) throw new AppError(given === undefined || given === '' ? 303 : 301)
  const { info_type } = read(TYPE, fields.data)
  if (info_type === 1 || info_type === 3) return { info_type, ...read(TEXT, fields.data) }
  if (info_type === 2) {
    const product = read(PRODUCT, fields.data)
    if (product.product_cover_url !== '') checkMedia(product.product_cover_url, mediaHosts)
    return { info_type, ...product }
  }
  const { url } = read(MEDIA, fields.data)
  checkMedia(url, mediaHosts)
  return { info_type, url }
}

function checkMedia(url: string, hosts: readonly string[]): void {
  if (OWN.test(url)) return
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'https:' || !hosts.includes(parsed.host)) throw new AppError(301)
}

function parse(text: string): unknown {
  try {
    return parseShallowJson(text)
  } catch (cause) {
    throw new AppError(text === '' ? 303 : 301, { cause })
  }
}
