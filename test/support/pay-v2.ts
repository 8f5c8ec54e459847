import { createHash, createHmac } from 'node:crypto'
import { WeChatPayV2, type WeChatPayV2Options } from 'weixin-kit/pay/v2'
import { type SeenRequest, stubFetch } from './stub-fetch.ts'

export const APP_ID = 'wx2421b1c4370ec43b'
export const MCH_ID = '1900000109'
export const API_KEY = '192006250b4c09247ec02edce69f6a2d'
export const OTHER_KEY = '8934e7d15453e97507ef794cf7b0519d'
export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'
export const NOW = Date.UTC(2026, 2, 1, 5, 15, 40)

export type Fields = Record<string, string | number | undefined>
export type SignType = 'MD5' | 'HMAC-SHA256'

/** The signature by the text of the document, written a second time so that the library is not its own judge. */
export function signFields(fields: Fields, type: SignType = 'HMAC-SHA256', key = API_KEY): string {
  const pairs: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (name !== 'sign' && value !== undefined && value !== '') pairs.push(`${name}=${value}`)
  }
  pairs.sort((a, b) => (a.slice(0, a.indexOf('=')) < b.slice(0, b.indexOf('=')) ? -1 : 1))
  const text = `${pairs.join('&')}&key=${key}`
  const hash = type === 'MD5' ? createHash('md5') : createHmac('sha256', key)
  return hash.update(text, 'utf8').digest('hex').toUpperCase()
}

/** The flat XML that WeChat sends. */
export function toXml(fields: Fields, root = 'xml'): string {
  const elements = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>\n`)
  return `<${root}>${elements.join('')}</${root}>`
}

/** Reads the flat XML that the library writes. */
export function fromXml(xml: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [, name, cdata, bare] of xml.matchAll(/<(\w+)>(?:<!\[CDATA\[([\s\S]*?)\]\]>|([^<]*))<\/\1>/g)) {
    if (name && name !== 'xml') fields[name] = cdata ?? bare ?? ''
  }
  return fields
}

/** A signed response with the envelope of success. */
export function signedAnswer(fields: Fields, type: SignType = 'HMAC-SHA256', key = API_KEY): string {
  const all = {
    return_code: 'SUCCESS',
    return_msg: 'OK',
    result_code: 'SUCCESS',
    appid: APP_ID,
    mch_id: MCH_ID,
    nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
    ...fields
  }
  return toXml({ ...all, sign: signFields(all, type, key) })
}

export type Answer = string | Response | Error | ((request: SeenRequest) => string | Response)

/** A client whose requests are answered one after the other, the last response again and again. */
export function clientWith(answers: Answer | Answer[], options: Partial<WeChatPayV2Options> = {}) {
  const list = [answers].flat()
  const fetch = stubFetch((request, index) => {
    const answer = list[Math.min(index, list.length - 1)]
    if (answer instanceof Error) throw answer
    const given = typeof answer === 'function' ? answer(request) : answer
    // A Response of the list may be needed again; cloning an endless one would never let go of it.
    if (given instanceof Response) return typeof answer === 'function' ? given : given.clone()
    return new Response(given ?? '', { headers: { 'content-type': 'text/xml' } })
  })
  const pay = new WeChatPayV2({
    appId: APP_ID,
    mchId: MCH_ID,
    apiKey: API_KEY,
    notifyUrl: 'https://shop.example.com/pay/notify',
    clock: () => NOW,
    nonce: () => 'ibuaiVcKdpRxkhJA',
    fetch,
    ...options
  })
  return { pay, seen: fetch.seen }
}

/** An error of `fetch` as Node throws it. */
export function networkError(code: string): Error {
  return Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) })
}

/** The code of what a promise or function throws. */
export async function codeOf(work: () => unknown): Promise<string> {
  return (await errorOf(work)).code
}

// biome-ignore lint/suspicious/noExplicitAny: tests look at fields of many classes of errors
export async function errorOf(work: () => unknown): Promise<any> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('expected an error, but it succeeded')
}
