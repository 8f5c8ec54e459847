import { execFileSync } from 'node:child_process'
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Agent, request } from 'undici'
import { Endpoints } from '../src/core/endpoints.ts'
import { HttpClient } from '../src/core/http-client.ts'
import { undiciFetch } from '../src/core/undici-fetch.ts'
import { WeChatPayV2 } from '../src/pay/v2/index.ts'
import { ORDERS } from '../src/pay/v2/orders.ts'
import { PayV2Client, writeRequest } from '../src/pay/v2/pay-v2-client.ts'
import { Signer, type SignType } from '../src/pay/v2/signer.ts'
import type { BenchCase } from './case.ts'

const APP_ID = 'wx2421b1c4370ec43b'
const MCH_ID = '1900000109'
const API_KEY = '192006250b4c09247ec02edce69f6a2d'

const ORDER = {
  trade_type: 'JSAPI',
  body: '示例商城-会员充值',
  attach: 'shop=12;order=20260301',
  out_trade_no: '20260301000001',
  total_fee: 1980,
  spbill_create_ip: '203.0.113.7',
  notify_url: 'https://shop.example.com/pay/notify',
  openid: 'oUpF8uMEb4qRXf22hE3X68TekukE'
} as const

type Fields = Record<string, string | number>

/** The work by hand, with all its checks and nothing else. */
function signByHand(fields: Fields, type: SignType): string {
  let text = ''
  for (const name of Object.keys(fields).sort()) {
    if (name !== 'sign' && fields[name] !== '') text += `${name}=${fields[name]}&`
  }
  text += `key=${API_KEY}`
  const hash = type === 'MD5' ? createHash('md5') : createHmac('sha256', API_KEY)
  return hash.update(text).digest('hex').toUpperCase()
}

function writeByHand(type: SignType): string {
  const nonce_str = randomBytes(16).toString('hex')
  const fields: Fields = { appid: APP_ID, mch_id: MCH_ID, ...ORDER, nonce_str, sign_type: type }
  fields.sign = signByHand(fields, type)
  let xml = '<xml>'
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    xml += typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`
  }
  return `${xml}</xml>`
}

function readByHand(bytes: Uint8Array | string): Fields {
  const text =
    typeof bytes === 'string' ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  if (!text.startsWith('<xml>')) throw new Error('malformed')
  const fields: Fields = {}
  let at = 5
  for (;;) {
    const open = text.indexOf('<', at)
    if (open < 0) throw new Error('malformed')
    if (text.charCodeAt(open + 1) === 47) break
    const end = text.indexOf('>', open)
    const name = text.slice(open + 1, end)
    if (name in fields) throw new Error('twice')
    let close: number
    if (text.startsWith('<![CDATA[', end + 1)) {
      close = text.indexOf(']]>', end)
      fields[name] = text.slice(end + 10, close)
      close += 3
    } else {
      close = text.indexOf('<', end)
      fields[name] = text.slice(end + 1, close)
    }
    if (!text.startsWith(`</${name}>`, close)) throw new Error('malformed')
    at = close + name.length + 3
  }
  return fields
}

function verifyByHand(bytes: Uint8Array | string, type: SignType): Fields {
  const fields = readByHand(bytes)
  const expected = Buffer.from(signByHand(fields, type))
  const actual = Buffer.from(String(fields.sign))
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) throw new Error('sign')
  if (fields.appid !== APP_ID || fields.mch_id !== MCH_ID) throw new Error('account')
  if (fields.return_code !== 'SUCCESS' || fields.result_code !== 'SUCCESS') throw new Error('failed')
  return fields
}

function signed(fields: Fields, type: SignType): string {
  const all: Fields = { return_code: 'SUCCESS', result_code: 'SUCCESS', appid: APP_ID, mch_id: MCH_ID, ...fields }
  all.sign = signByHand(all, type)
  return `<xml>${Object.keys(all)
    .map((name) => `<${name}><![CDATA[${all[name]}]]></${name}>\n`)
    .join('')}</xml>`
}

const NOTIFICATION = {
  attach: 'shop=12;order=20260301',
  bank_type: 'CMB_DEBIT',
  cash_fee: '1980',
  device_info: 'WEB',
  fee_type: 'CNY',
  is_subscribe: 'Y',
  nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
  openid: 'oUpF8uMEb4qRXf22hE3X68TekukE',
  out_trade_no: '20260301000001',
  settlement_total_fee: '1980',
  time_end: '20260301131540',
  total_fee: '1980',
  trade_type: 'JSAPI',
  transaction_id: '4200001004202603010000000001'
}
const ANSWER = {
  nonce_str: 'x',
  prepay_id: 'wx201410272009395522657a690389285100',
  trade_type: 'JSAPI',
  return_msg: 'OK'
}

const pay: Record<SignType, WeChatPayV2> = { MD5: client('MD5'), 'HMAC-SHA256': client('HMAC-SHA256') }

function client(signType: SignType, options = {}): WeChatPayV2 {
  return new WeChatPayV2({ appId: APP_ID, mchId: MCH_ID, apiKey: API_KEY, signType, ...options })
}

function pureCases(type: SignType): BenchCase[] {
  const signer = new Signer(API_KEY)
  const account = { appId: APP_ID, furtherAppIds: [], mchId: MCH_ID, subAppId: undefined, subMchId: undefined }
  const client = new PayV2Client({
    account,
    signType: type,
    http: new HttpClient({ product: 'pay' }),
    endpoints: new Endpoints('api.mch.weixin.qq.com'),
    backupHost: undefined,
    hasCertificate: false,
    pathPrefix: '',
    logger: undefined,
    notifyUrl: undefined,
    refundNotifyUrl: undefined,
    signer: () => signer
  })
  const operation = 'orders.unified'
  const endpoint = ORDERS.unified
  const notification = Buffer.from(signed(NOTIFICATION, type))
  return [
    {
      name: `build and sign a unified order, ${type}`,
      target: 0.75,
      floor: () => writeByHand(type),
      ours: () => {
        const fields = client.fields(operation, endpoint, ORDER)
        return writeRequest({ fields, signer, signType: type })
      }
    },
    {
      name: `parse and verify a payment notification, ${type}`,
      target: 0.7,
      floor: () => verifyByHand(notification, type),
      ours: () => pay[type].parseNotification(notification)
    }
  ]
}

// In a thread of its own, so that the server's work is not counted as the client's.
const SERVER = `
const { parentPort, workerData } = require('node:worker_threads')
const server = require('node:https').createServer(workerData.tls, (request, response) => {
  request.resume()
  request.on('end', () => response.writeHead(200, { 'content-type': 'text/xml', 'content-length': workerData.answer.length }).end(workerData.answer))
})
server.keepAliveTimeout = 60000
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`

let worker: Worker
let url: URL
let agent: Agent
let overFetch: WeChatPayV2
let overUndici: WeChatPayV2
let users = 0

async function setup(): Promise<void> {
  if (users++ > 0) return
  const tls = makeCertificate()
  worker = new Worker(SERVER, { eval: true, workerData: { tls, answer: signed(ANSWER, 'MD5') } })
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  url = new URL(`https://127.0.0.1:${port}/pay/unifiedorder`)
  agent = new Agent({ connect: { ca: tls.cert }, keepAliveTimeout: 30_000 })
  const options = { baseUrl: url.origin, ca: tls.cert }
  overFetch = client('MD5', options)
  overUndici = client('MD5', { ...options, fetch: undiciFetch() })
}

async function teardown(): Promise<void> {
  if (--users > 0) return
  await agent.close()
  await worker.terminate()
}

function makeCertificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'weixin-kit-bench-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore'
  })
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  rmSync(folder, { recursive: true })
  return pair
}

const headers = { 'content-type': 'text/xml; charset=utf-8' }

async function orderByFetch(extra: RequestInit): Promise<void> {
  const init = { method: 'POST', headers, body: writeByHand('MD5'), dispatcher: agent, redirect: 'error', ...extra }
  const response = await fetch(url, init as unknown as RequestInit)
  verifyByHand(await response.text(), 'MD5')
}

export const cases: BenchCase[] = [
  ...pureCases('MD5'),
  ...pureCases('HMAC-SHA256'),
  {
    name: 'unified order over TLS, 50 at once, against raw fetch with a limit of time',
    target: 0.9,
    concurrency: 50,
    setup,
    teardown,
    floor: async () => {
      const controller = new AbortController()
      const timer = setTimeout(() => controller.abort(), 10_000)
      await orderByFetch({ signal: controller.signal })
      clearTimeout(timer)
    },
    ours: () => overFetch.orders.unified(ORDER)
  },
  {
    // The signal that ends a call in time costs fetch a tenth; nobody should take money without one.
    name: 'the same against raw fetch that may wait for ever',
    target: 0.8,
    concurrency: 50,
    setup,
    teardown,
    floor: () => orderByFetch({}),
    ours: () => overFetch.orders.unified(ORDER)
  },
  {
    name: 'unified order over TLS, 50 at once, undiciFetch against undici.request',
    target: 0.75,
    concurrency: 50,
    setup,
    teardown,
    floor: async () => {
      const answer = await request(url, { method: 'POST', headers, body: writeByHand('MD5'), dispatcher: agent })
      verifyByHand(await answer.body.text(), 'MD5')
    },
    ours: () => overUndici.orders.unified(ORDER)
  }
]
