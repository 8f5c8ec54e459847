import * as crypto from 'node:crypto'
import {
  buildReply,
  createMessageKey,
  decryptMessage,
  encryptMessage,
  isMessage,
  parseMessage
} from '../src/gateway/index.ts'
import type { BenchCase } from './case.ts'

const appId = 'wx2421b1c4370ec43b'
const token = 'kLm3Xo9QpZ72'
const encodingAESKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const MESSAGE = `<xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName>
<FromUserName><![CDATA[oia2TjuEGTNoeX76QEjQNrcURxG8]]></FromUserName>
<CreateTime>1395658920</CreateTime>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[请问深圳店周末几点开门？谢谢]]></Content>
<MsgId>5994126741234567890</MsgId>
</xml>`
const ANSWER = '您好，深圳店周末营业时间为 10:00 至 22:00，欢迎光临。'

const key = createMessageKey(encodingAESKey)
const account = { appId, token, encodingAESKey: key }
const nowSeconds = () => String(Math.floor(Date.now() / 1000))
const sample = encryptMessage(MESSAGE, { ...account, timestamp: nowSeconds() })

// The floor: the same work by hand on node:crypto, every check in place, and no more.
const rawKey = Buffer.from(encodingAESKey, 'base64')
const secretKey = crypto.createSecretKey(rawKey)
const iv = rawKey.subarray(0, 16)
const sha1 = (text: string) => crypto.hash('sha1', text, 'hex')
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

function floorOpen({ encrypt, msgSignature, timestamp, nonce }: typeof sample): string {
  const expected = Buffer.from(sha1([token, timestamp, nonce, encrypt].sort().join('')))
  const given = Buffer.from(msgSignature)
  if (given.length !== expected.length || !crypto.timingSafeEqual(given, expected)) throw new Error('signature')
  const decipher = crypto.createDecipheriv('aes-256-cbc', secretKey, iv).setAutoPadding(false)
  const frame = Buffer.concat([decipher.update(encrypt, 'base64'), decipher.final()])
  const pad = frame[frame.length - 1] ?? 0
  if (pad < 1 || pad > 32) throw new Error('padding')
  for (let at = frame.length - pad; at < frame.length; at++) if (frame[at] !== pad) throw new Error('padding')
  const end = 20 + frame.readUInt32BE(16)
  if (end > frame.length - pad) throw new Error('length')
  if (frame.toString('utf8', end, frame.length - pad) !== appId) throw new Error('appid')
  return frame.toString('utf8', 20, end)
}

function floorSeal(text: string): typeof sample {
  const body = Buffer.from(text)
  const head = Buffer.alloc(20)
  random(16).copy(head)
  head.writeUInt32BE(body.length, 16)
  const length = 20 + body.length + appId.length
  const pad = 32 - (length % 32)
  const frame = Buffer.concat([head, body, Buffer.from(appId), Buffer.alloc(pad, pad)])
  const cipher = crypto.createCipheriv('aes-256-cbc', secretKey, iv).setAutoPadding(false)
  const encrypt = Buffer.concat([cipher.update(frame), cipher.final()]).toString('base64')
  const timestamp = nowSeconds()
  const nonce = random(8).toString('hex')
  return { encrypt, msgSignature: sha1([token, timestamp, nonce, encrypt].sort().join('')), timestamp, nonce }
}

/** Flat XML by one regular expression, with a refusal of what it does not know. */
function floorParse(xml: string): Record<string, string> {
  if (xml.includes('<!DOCTYPE')) throw new Error('doctype')
  const fields: Record<string, string> = {}
  for (const match of xml.matchAll(/<(\w+)>(?:<!\[CDATA\[([\s\S]*?)\]\]>|([^<&]*))<\/\1>/g)) {
    fields[match[1] ?? ''] = match[2] ?? match[3] ?? ''
  }
  return fields
}

function floorReply(fields: Record<string, string>, content: string): string {
  return `<xml><ToUserName><![CDATA[${fields.FromUserName}]]></ToUserName><FromUserName><![CDATA[${fields.ToUserName}]]></FromUserName><CreateTime>${nowSeconds()}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content.replaceAll(']]>', ']]]]><![CDATA[>')}]]></Content></xml>`
}

const floorParsed = floorParse(MESSAGE)
const parsed = parseMessage(MESSAGE)
const REPLY = buildReply(parsed, ANSWER)

const pieces: BenchCase[] = [
  {
    name: 'verify + decrypt',
    target: 0.9,
    floor: () => floorOpen(sample),
    ours: () => decryptMessage(sample, account)
  },
  {
    name: 'encrypt + sign',
    target: 0.9,
    floor: () => floorSeal(REPLY),
    ours: () => encryptMessage(REPLY, account)
  },
  { name: 'parse a text message', target: 0.5, floor: () => floorParse(MESSAGE), ours: () => parseMessage(MESSAGE) },
  {
    name: 'build a text reply',
    target: 0.3,
    floor: () => floorReply(floorParsed, ANSWER),
    ours: () => buildReply(parsed, ANSWER)
  }
]

const wholeAndCrypto: BenchCase[] = [
  {
    name: 'crypto only: verify + decrypt + encrypt + sign',
    target: 0.9,
    floor: () => {
      floorOpen(sample)
      return floorSeal(REPLY)
    },
    ours: () => {
      decryptMessage(sample, account)
      return encryptMessage(REPLY, account)
    }
  },
  {
    name: 'round trip: verify, decrypt, parse, build, encrypt, sign',
    target: 0.75,
    floor: () => {
      const fields = floorParse(floorOpen(sample))
      return floorSeal(floorReply(fields, ANSWER))
    },
    ours: () => {
      const message = parseMessage(decryptMessage(sample, account))
      if (!isMessage(message, 'text')) throw new Error('type')
      return encryptMessage(buildReply(message, ANSWER), account)
    }
  }
]

export const cases: BenchCase[] = [...pieces, ...wholeAndCrypto]
