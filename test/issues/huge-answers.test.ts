import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { Geetest } from 'weixin-kit/geetest'
import { OfficialAccount } from 'weixin-kit/mp'
import { Qiniu } from 'weixin-kit/qiniu'
import { Yunpian } from 'weixin-kit/yunpian'
import { RESPONSE_LIMIT_BYTES } from '../../src/core/read-response-text.ts'
import { undiciFetch } from '../../src/core/undici-fetch.ts'
import { listen } from '../support/loopback.ts'

const MEGABYTE = Buffer.alloc(1024 * 1024, ' ')
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

/** A server whose responses hold ten gigabytes: as ten compressed megabytes, or plain. `sent` counts the chunks that it gave. */
async function bomb(isCompressed: boolean) {
  const seen = { requests: 0, sent: 0 }
  // Members of gzip can stand one after the other.
  const chunk = isCompressed ? gzipSync(MEGABYTE) : MEGABYTE
  const server = await listen((request, response) => {
    request.resume()
    seen.requests++
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {})
    })
    const chunks = (function* () {
      for (let index = 0; index < 10_240; index++) {
        seen.sent++
        yield chunk
      }
    })()
    pipeline(Readable.from(chunks, { objectMode: false, highWaterMark: 1 }), response).catch(() => undefined)
  })
  open.push(server)
  return { url: server.url, seen }
}

const key = '0123456789abcdef0123456789abcdef'
const calls: Record<string, (baseUrl: string, fetch: typeof globalThis.fetch) => Promise<unknown>> = {
  'an official account': (baseUrl, fetch) =>
    new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: key, baseUrl, fetch }).accessToken.get(),
  Qiniu: (baseUrl, fetch) =>
    new Qiniu({ accessKey: 'ak', secretKey: 'sk', bucket: 'b', region: 'z0', baseUrl, fetch }).request({
      method: 'GET',
      path: '/stat/x'
    }),
  Yunpian: (baseUrl, fetch) => new Yunpian({ apiKey: key, baseUrl, fetch }).user.get(),
  Geetest: (baseUrl, fetch) =>
    new Geetest({ captchaId: key, privateKey: key, baseUrl, fetch }).register({ session: 's' })
}

describe.each(Object.entries(calls))('an endless answer to %s', (_, call) => {
  it.each([
    ['compressed', true, globalThis.fetch],
    ['plain', false, globalThis.fetch],
    ['plain, over undici.request', false, undiciFetch() as typeof globalThis.fetch]
  ])('ends with a typed error (%s)', async (_kind, isCompressed, fetch) => {
    const { url, seen } = await bomb(isCompressed)
    await expect(call(url, fetch)).rejects.toMatchObject({
      code: 'ERR_BODY_TOO_LARGE',
      message: expect.stringContaining(String(RESPONSE_LIMIT_BYTES))
    })
    // No repeat would end otherwise. What is compressed fits into the buffers of the sockets.
    expect(seen.requests).toBe(1)
    if (!isCompressed) expect(seen.sent).toBeLessThan(2 * 64)
  })
})

it('reads a compressed answer of a proper size as it is, without its byte order mark', async () => {
  const body = gzipSync(`\ufeff${JSON.stringify({ nick: '名', balance: 1.5 })}`)
  const server = await listen((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length }).end(body)
  })
  open.push(server)
  expect(await new Yunpian({ apiKey: key, baseUrl: server.url }).user.get()).toEqual({ nick: '名', balance: 1.5 })
})

it('does not take the code back when the response to its message was too large', async () => {
  const { url } = await bomb(true)
  const yunpian = new Yunpian({ apiKey: key, baseUrl: url })
  const codes = yunpian.verificationCode()
  let sent = ''
  const sending = codes.send('13800138000', (code, mobile) => {
    sent = code
    return yunpian.sms.singleSend({ mobile, text: `【a】${code}` })
  })
  await expect(sending).rejects.toMatchObject({ code: 'ERR_BODY_TOO_LARGE' })
  expect(await codes.check('13800138000', sent)).toEqual({ ok: true })
})

it('leaves streams without a bound', async () => {
  const bytes = RESPONSE_LIMIT_BYTES + MEGABYTE.length
  const server = await listen((request, response) => {
    request.resume()
    if (request.url?.includes('stable_token'))
      return void response.end(JSON.stringify({ access_token: 't', expires_in: 7200 }))
    response.writeHead(200, { 'content-type': 'video/mp4' })
    const chunks = Array.from({ length: bytes / MEGABYTE.length }, () => MEGABYTE)
    pipeline(Readable.from(chunks, { objectMode: false, highWaterMark: 1 }), response).catch(() => undefined)
  })
  open.push(server)
  const mp = new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: key, baseUrl: server.url })
  const material = await mp.media.get('MEDIA_ID')
  if (material.kind !== 'file') return expect.unreachable()
  let length = 0
  for await (const chunk of material.file.body as unknown as AsyncIterable<Uint8Array>) length += chunk.byteLength
  expect(length).toBe(bytes)
})
