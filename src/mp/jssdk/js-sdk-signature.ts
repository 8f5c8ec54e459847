import { hashHex } from '../../internal/hash.ts'
import type { JsSdkSignParams } from './js-sdk-types.ts'

/** The URL up to the `#`, exactly as given: WeChat signs what the browser shows, without encoding it. */
export function withoutFragment(url: string | URL): string {
  const text = typeof url === 'string' ? url : url.href
  const at = text.indexOf('#')
  return at < 0 ? text : text.slice(0, at)
}

/** The signed text: fixed order, raw values (JS-SDK document, appendix 1). */
export function jsSdkText({ ticket, nonceStr, timestamp, url }: JsSdkSignParams): string {
  return `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${withoutFragment(url)}`
}

/** SHA-1 in lower-case hexadecimal. */
export function jsSdkSignature(params: JsSdkSignParams): string {
  return hashHex('sha1', jsSdkText(params))
}

/** Signature of cards: all values in ASCII order, joined without separators (JS-SDK document, appendix 4). */
export function cardSignature(values: readonly (string | undefined)[]): string {
  // The default order of sort() is that of UTF-16 units, which for these values is the ASCII order that WeChat wants.
  return hashHex(
    'sha1',
    values
      .filter((value) => value !== undefined && value !== '')
      .sort()
      .join('')
  )
}
