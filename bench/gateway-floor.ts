import * as crypto from 'node:crypto'
import { unescape as decodeQuery } from 'node:querystring'

/** The gateway's work by hand on node:crypto, every check in place, and no more: what the cases of `gateway` compare with. */
export const appId = 'wx2421b1c4370ec43b'
export const token = 'kLm3Xo9QpZ72'
export const encodingAESKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
export const ANSWER = '您好，深圳店周末营业时间为 10:00 至 22:00，欢迎光临。'

export const messageWith = (msgId: string): string => `<xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName>
<FromUserName><![CDATA[oia2TjuEGTNoeX76QEjQNrcURxG8]]></FromUserName>
<CreateTime>1395658920</CreateTime>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[请问深圳店周末几点开门？谢谢]]></Content>
<MsgId>${msgId}</MsgId>
</xml>`

export interface Sealed {
  encrypt: string
  msgSignature: string
  timestamp: string
  nonce: string
}

const rawKey = Buffer.from(encodingAESKey, 'base64')
const secretKey = crypto.createSecretKey(rawKey)
const iv = rawKey.subarray(0, 16)
const sha1 = (text: string) => crypto.hash('sha1', text, 'hex')
const WINDOW_SECONDS = 300

let pool = crypto.randomBytes(8192)
let used = 0
function random(length: number): Buffer {
  if (used + length > pool.length) {
    pool = crypto.randomBytes(8192)
    used = 0
  }
  used += length
  return pool.subarray(used - length, used)
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000)

export function open({ encrypt, msgSignature, timestamp, nonce }: Sealed): string {
  const expected = Buffer.from(sha1([token, timestamp, nonce, encrypt].sort().join('')))
  const given = Buffer.from(msgSignature)
  if (given.length !== expected.length || !crypto.timingSafeEqual(given, expected)) throw new Error('signature')
  const decipher = crypto.createDecipheriv('aes-256-cbc', secretKey, iv)
  decipher.setAutoPadding(false)
  const frame = decipher.update(Buffer.from(encrypt, 'base64'))
  const pad = frame[frame.length - 1] ?? 0
  if (pad < 1 || pad > 32) throw new Error('padding')
  for (let at = frame.length - pad; at < frame.length; at++) if (frame[at] !== pad) throw new Error('padding')
  const end = 20 + frame.readUInt32BE(16)
  if (end > frame.length - pad) throw new Error('length')
  if (frame.toString('latin1', end, frame.length - pad) !== appId) throw new Error('appid')
  return frame.toString('utf8', 20, end)
}

export function seal(text: string): Sealed {
  const length = Buffer.byteLength(text)
  const content = 20 + length + appId.length
  const pad = 32 - (content % 32)
  const frame = Buffer.allocUnsafe(content + pad)
  random(16).copy(frame)
  frame.writeUInt32BE(length, 16)
  frame.write(text, 20)
  frame.write(appId, 20 + length, 'latin1')
  frame.fill(pad, content)
  const cipher = crypto.createCipheriv('aes-256-cbc', secretKey, iv)
  cipher.setAutoPadding(false)
  const encrypt = cipher.update(frame).toString('base64')
  const timestamp = String(nowSeconds())
  const nonce = random(8).toString('hex')
  return { encrypt, msgSignature: sha1([token, timestamp, nonce, encrypt].sort().join('')), timestamp, nonce }
}

/** Flat XML by hand: one level, text or CDATA; a document type is refused. */
export function parse(xml: string): Record<string, string> {
  if (!xml.startsWith('<xml>') || xml.includes('<!DOCTYPE')) throw new Error('xml')
  const fields: Record<string, string> = {}
  let at = 5
  for (;;) {
    at = xml.indexOf('<', at)
    if (at < 0 || xml.charCodeAt(at + 1) === 47) return fields
    const nameEnd = xml.indexOf('>', at)
    const name = xml.slice(at + 1, nameEnd)
    let close: number
    if (xml.startsWith('<![CDATA[', nameEnd + 1)) {
      close = xml.indexOf(']]>', nameEnd + 10)
      fields[name] = xml.slice(nameEnd + 10, close)
      close += 3
    } else {
      close = xml.indexOf('<', nameEnd)
      fields[name] = xml.slice(nameEnd + 1, close)
    }
    if (!xml.startsWith(`</${name}>`, close)) throw new Error('xml')
    at = close + name.length + 3
  }
}

const cdata = (text = '') => (text.includes(']]>') ? text.replaceAll(']]>', ']]]]><![CDATA[>') : text)

export function build(fields: Record<string, string>, content: string): string {
  return `<xml><ToUserName><![CDATA[${cdata(fields.FromUserName)}]]></ToUserName><FromUserName><![CDATA[${cdata(fields.ToUserName)}]]></FromUserName><CreateTime>${nowSeconds()}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${cdata(content)}]]></Content></xml>`
}

export const wrapReply = ({ encrypt, msgSignature, timestamp, nonce }: Sealed): string =>
  `<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt><MsgSignature><![CDATA[${msgSignature}]]></MsgSignature><TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`

function readQuery(url: string): Record<string, string> {
  const query: Record<string, string> = {}
  for (const pair of url.slice(url.indexOf('?') + 1).split('&')) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals)
    if (query[name] !== undefined) throw new Error('repeated')
    const value = pair.slice(equals + 1)
    query[name] = value.includes('%') ? decodeQuery(value) : value
  }
  return query
}

/** What a request says, when every check held. */
function receive(url: string, body: string): Record<string, string> {
  const { timestamp = '', nonce = '', msg_signature: msgSignature = '' } = readQuery(url)
  if (Math.abs(nowSeconds() - Number(timestamp)) > WINDOW_SECONDS) throw new Error('timestamp')
  const { Encrypt: encrypt = '' } = parse(body)
  return parse(open({ encrypt, msgSignature, timestamp, nonce }))
}

/** From the URL and body of a request to the body of the response: cryptography and XML, and nothing that a service needs besides. */
export function answer(url: string, body: string): string {
  const fields = receive(url, body)
  if (fields.MsgType !== 'text') return 'success'
  return wrapReply(seal(build(fields, ANSWER)))
}

export interface RouteAnswer {
  status: number
  body: string
}

const DEADLINE_MS = 4500
const handled = new Map<string, { reply: Promise<string>; at: number }>()

/**
 * What a route by hand needs to be equivalent: a request that does not verify is answered 401 instead of ending the process, a
 * redelivered message gets the reply of the first delivery as long as its signature is good, and a handler that takes too long
 * is not waited for. In memory, with a handler that is asynchronous like every real one.
 */
export async function route(url: string, body: string): Promise<RouteAnswer> {
  let fields: Record<string, string>
  try {
    fields = receive(url, body)
  } catch {
    return { status: 401, body: '' }
  }
  const now = Date.now()
  for (const [key, { at }] of handled) {
    if (now - at <= 2 * WINDOW_SECONDS * 1000) break
    handled.delete(key)
  }
  const key = fields.MsgId ?? `${fields.FromUserName}:${fields.CreateTime}:${fields.Event}`
  let known = handled.get(key)
  if (!known) {
    known = { reply: reply(fields), at: now }
    handled.set(key, known)
  }
  const content = await inTime(known.reply)
  return { status: 200, body: content === '' ? 'success' : wrapReply(seal(build(fields, content))) }
}

async function reply(fields: Record<string, string>): Promise<string> {
  return fields.MsgType === 'text' ? ANSWER : ''
}

function inTime(promise: Promise<string>): Promise<string> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(''), DEADLINE_MS)
    const settle = (content: string) => {
      clearTimeout(timer)
      resolve(content)
    }
    promise.then(settle, () => settle(''))
  })
}
