import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WeixinKitError } from 'weixin-kit'
import { fcParameters } from '../../support/fc-parameters.ts'
import {
  KEYS,
  MCH_ID,
  NOW,
  type PlatformSignature,
  payWith,
  platformHeaders,
  signedAnswer
} from '../../support/pay-v3.ts'

const REFUND = {
  out_trade_no: 'T202603010001',
  out_refund_no: 'R202603010001',
  amount: { refund: 500, total: 1980, currency: 'CNY' }
}
const REFUNDED = {
  ...REFUND,
  refund_id: '50000000382019052709732678859',
  transaction_id: '1217752501201407033233368018',
  create_time: '2018-06-08T10:34:56+08:00',
  status: 'PROCESSING',
  amount: { refund: 500, total: 1980, payer_total: 1980, payer_refund: 500 }
}
const QUERY = { method: 'refunds.query', params: { out_refund_no: REFUND.out_refund_no } }
const ORDER = { mchid: MCH_ID, out_trade_no: 'T202603010001', trade_state: 'NOTPAY' }
const number = { out_trade_no: 'T202603010001' }
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ code: 'accepted', message: '' }),
    (error: unknown) => error as WeixinKitError
  )
const failure = (status: number, code: string, how?: PlatformSignature) =>
  signedAnswer({ code, message: '错误' }, status, how)
const unsigned = (status: number, body: string) => new Response(body, { status })

describe('a successful response', () => {
  it.each<[string, PlatformSignature]>([
    ['ERR_SIGNATURE_MISMATCH', { signed: JSON.stringify({ ...ORDER, trade_state: 'SUCCESS' }) }],
    ['ERR_SIGNATURE_MISMATCH', { key: createPrivateKey(KEYS.merchantPrivateKey) }],
    ['ERR_SIGNATURE_MISMATCH', { key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }],
    ['ERR_SIGNATURE_UNKNOWN_SERIAL', { serial: KEYS.merchantSerial }],
    ['ERR_SIGNATURE_UNKNOWN_SERIAL', { serial: 'PUB_KEY_ID_0000000000' }],
    ['ERR_SIGNATURE_EXPIRED', { timestamp: NOW - 301 }],
    ['ERR_SIGNATURE_EXPIRED', { timestamp: NOW + 301 }],
    ['ERR_SIGNATURE_PROBE', { prefix: 'WECHATPAY/SIGNTEST/' }]
  ])('%s: %o', async (code, how) => {
    const { pay } = payWith(() => signedAnswer(ORDER, 200, how))
    expect(await errorOf(pay.transactions.query(number))).toMatchObject({ code })
  })

  it.each([{}, { transfer_batch: null }, { transfer_batch: 'B1' }, { transfer_batch: [] }])(
    'without the object that the endpoint promises is refused: %o',
    async (response) => {
      const { pay } = payWith(() => signedAnswer(response))
      expect(await errorOf(pay.transferBatches.query({ out_batch_no: 'B202603010001' }))).toMatchObject({
        code: 'ERR_UNEXPECTED_RESPONSE'
      })
    }
  )

  it.each([-299, 299])('signed %i s from now is taken', async (seconds) => {
    const { pay } = payWith(() => signedAnswer(ORDER, 200, { timestamp: NOW + seconds }))
    expect(await pay.transactions.query(number)).toEqual(ORDER)
  })

  it('without a signature is refused, empty ones too', async () => {
    const { pay } = payWith(({ method }) =>
      method === 'GET' ? unsigned(200, '{}') : new Response(null, { status: 204 })
    )
    expect(await errorOf(pay.transactions.query(number))).toMatchObject({ code: 'ERR_SIGNATURE_MISSING' })
    expect(await errorOf(pay.transactions.close(number))).toMatchObject({ code: 'ERR_SIGNATURE_MISSING' })
  })

  it('is verified before it is parsed', async () => {
    const { pay } = payWith(() => unsigned(200, 'not JSON at all'))
    expect(await errorOf(pay.transactions.query(number))).toMatchObject({ code: 'ERR_SIGNATURE_MISSING' })
  })

  it('that is signed but no JSON, no object, or lacks its field is refused', async () => {
    for (const body of ['nonsense', '[]', '1', '{"prepay_id":""}', '{"prepay_id":1}']) {
      const { pay } = payWith(() => signedAnswer(body))
      const call = pay.transactions.native({ description: 'x', amount: { total: 1 }, out_trade_no: 'T202603010001' })
      expect((await errorOf(call)).code).toMatch(/^ERR_(BODY_MALFORMED|UNEXPECTED_RESPONSE)$/)
    }
  })

  it.each<[string, object]>([
    ['another order', { ...ORDER, out_trade_no: 'T202603010002' }],
    ['another merchant', { ...ORDER, mchid: '1900000109' }],
    ['nothing', { trade_state: 'SUCCESS' }]
  ])('about %s is refused: a response to another call was put in its place', async (_, body) => {
    const { pay } = payWith(() => signedAnswer(body))
    expect(await errorOf(pay.transactions.query(number))).toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
  })

  it('that is too large is refused', async () => {
    const { pay } = payWith(() => new Response('x', { headers: { 'content-length': '99999999' } }))
    expect(await errorOf(pay.transactions.query(number))).toMatchObject({ code: 'ERR_BODY_TOO_LARGE' })
  })

  it('that never ends is cut off where it is too large', async () => {
    let chunks = 0
    const chunk = new Uint8Array(1024 * 1024)
    const endless = () =>
      new ReadableStream({
        pull: (controller) => {
          // Whoever reads on is told so, and does not run out of memory.
          if (++chunks > 64) controller.error(new Error('read on'))
          else controller.enqueue(chunk)
        }
      })
    const { pay } = payWith(() => new Response(endless()))
    expect(await errorOf(pay.transactions.query(number))).toMatchObject({ code: 'ERR_BODY_TOO_LARGE' })
    expect(chunks).toBeLessThan(30)
  })

  it('with a flipped bit anywhere is refused', async () => {
    const body = JSON.stringify(ORDER)
    await fc.assert(
      fc.asyncProperty(fc.nat(body.length - 1), fc.nat(7), async (position, bit) => {
        const bytes = Buffer.from(body)
        bytes[position] = (bytes[position] ?? 0) ^ (1 << bit)
        const { pay } = payWith(() => new Response(bytes, { headers: platformHeaders(body) }))
        expect(await errorOf(pay.transactions.query(number))).toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' })
      }),
      fcParameters(60)
    )
  })

  it('arbitrary statuses, bodies and headers give a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(200, 201, 202, 204, 301, 400, 401, 404, 429, 500, 502),
        fc.uint8Array({ maxLength: 200 }),
        fc.boolean(),
        async (status, body, isSigned) => {
          const { pay } = payWith(
            () =>
              new Response(status === 204 ? null : body, { status, headers: isSigned ? platformHeaders('other') : {} })
          )
          for (const call of [() => pay.transactions.query(number), () => pay.refunds.create(REFUND)]) {
            expect(await errorOf(call())).toBeInstanceOf(WeixinKitError)
          }
        }
      ),
      fcParameters(100)
    )
  })
})

describe('a probe for a response', () => {
  it('is asked for once more, with a new signature, and never a third time', async () => {
    const { pay, fetch } = payWith((_, index) =>
      signedAnswer(ORDER, 200, index === 0 ? { prefix: 'WECHATPAY/SIGNTEST/' } : {})
    )
    expect(await pay.transactions.query(number)).toEqual(ORDER)
    const headers = fetch.seen.map((request) => request.headers.get('authorization'))
    expect(headers).toHaveLength(2)
    expect(headers[0]).not.toBe(headers[1])
    const always = payWith(() => signedAnswer(ORDER, 200, { prefix: 'WECHATPAY/SIGNTEST/' }))
    expect(await errorOf(always.pay.transactions.query(number))).toMatchObject({ code: 'ERR_SIGNATURE_PROBE' })
    expect(always.fetch.seen).toHaveLength(2)
  })

  it('of a call that must not be repeated leaves it in doubt', async () => {
    const { pay, fetch } = payWith(() => signedAnswer({}, 200, { prefix: 'WECHATPAY/SIGNTEST/' }))
    expect(await errorOf(pay.transfers.create(TRANSFER))).toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      cause: { code: 'ERR_SIGNATURE_PROBE' }
    })
    expect(fetch.seen).toHaveLength(1)
  })
})

const TRANSFER = {
  out_bill_no: 'W202603010001',
  transfer_scene_id: '1009',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  transfer_amount: 3000,
  transfer_remark: 'Goods',
  transfer_scene_report_infos: [{ info_type: '采购商品名称', info_content: 'Tea' }]
}

describe('an error answer', () => {
  it('has code, message, kind, hint, request id and detail', async () => {
    const { pay } = payWith(() =>
      signedAnswer(
        { code: 'PARAM_ERROR', message: '参数错误', detail: { field: '/amount/total', issue: 'too small' } },
        400
      )
    )
    const error = await errorOf(pay.transactions.query(number))
    expect(error).toMatchObject({
      code: 'ERR_WECHAT_PAY',
      version: 3,
      status: 400,
      upstreamCode: 'PARAM_ERROR',
      upstreamMessage: '参数错误',
      kind: 'request',
      retryable: false,
      requestId: '08A1',
      hint: { en: expect.stringContaining('detail'), zh: expect.stringContaining('参数') },
      body: { detail: { field: '/amount/total' } }
    })
    expect(error.message).not.toContain('no signature')
  })

  it('that carries no signature is told as such, one that is signed wrongly is refused', async () => {
    const plain = payWith(() => unsigned(403, '{"code":"NO_AUTH","message":"x"}'))
    expect(await errorOf(plain.pay.transactions.query(number))).toMatchObject({
      upstreamCode: 'NO_AUTH',
      message: expect.stringContaining('no signature that could be verified')
    })
    const forged = payWith(() => failure(403, 'NO_AUTH', { key: createPrivateKey(KEYS.merchantPrivateKey) }))
    expect(await errorOf(forged.pay.transactions.query(number))).toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' })
  })

  it('that is a page of a gateway is known by its status', async () => {
    const { pay } = payWith(() => unsigned(502, '<html>bad gateway</html>'))
    expect(await errorOf(pay.transactions.query(number))).toMatchObject({
      code: 'ERR_WECHAT_PAY',
      upstreamCode: 'HTTP_502',
      kind: 'busy',
      retryable: true
    })
  })

  it('401 compares the clocks', async () => {
    const { pay } = payWith(
      () =>
        new Response('{"code":"SIGN_ERROR","message":"x"}', {
          status: 401,
          headers: { date: new Date((NOW - 3600) * 1000).toUTCString() }
        })
    )
    expect((await errorOf(pay.transactions.query(number))).message).toMatch(/3600 s ahead of the server/)
  })

  it('SIGN_ERROR: the first difference is shown, the body of the request is not kept', async () => {
    const { pay } = payWith(({ method, url, headers, body }) => {
      const [, timestamp] = /timestamp="(\d+)"/.exec(headers.get('authorization') ?? '') ?? []
      const [, nonce] = /nonce_str="(\w+)"/.exec(headers.get('authorization') ?? '') ?? []
      const theirs = `${method}\n${url.pathname}\n${timestamp}\n${nonce}\n${body.replace('500', '501')}\n`
      const information = {
        method,
        sign_message_length: theirs.length,
        truncated_sign_message: theirs,
        url: url.pathname
      }
      return unsigned(
        401,
        JSON.stringify({
          code: 'SIGN_ERROR',
          message: '错误的签名，验签失败',
          detail: { field: 'signature', sign_information: information }
        })
      )
    })
    const error = await errorOf(pay.refunds.create(REFUND))
    expect(error.message).toMatch(
      /first difference is at character \d+ \(line 5, body\): we signed "0,.*it received "1,/
    )
    expect(JSON.stringify(error)).not.toContain(REFUND.out_refund_no)
  })

  it.each<[string, string, RegExp]>([
    ['the same message', 'same', /privateKey does not belong/],
    ['another length', 'longer', /body was changed/],
    ['a message that is cut', 'cut', /privateKey does not belong/],
    ['no information', 'none', /SIGN_ERROR/]
  ])('SIGN_ERROR with %s', async (_, kind, message) => {
    const { pay } = payWith(({ url, headers }) => {
      const [, timestamp] = /timestamp="(\d+)"/.exec(headers.get('authorization') ?? '') ?? []
      const [, nonce] = /nonce_str="(\w+)"/.exec(headers.get('authorization') ?? '') ?? []
      const ours = `GET\n${url.pathname}${url.search}\n${timestamp}\n${nonce}\n\n`
      const information = {
        sign_message_length: ours.length + (kind === 'longer' ? 7 : 0),
        truncated_sign_message: kind === 'cut' ? ours.slice(0, 30) : ours
      }
      const detail = kind === 'none' ? undefined : { sign_information: information }
      return unsigned(401, JSON.stringify({ code: 'SIGN_ERROR', message: 'x', detail }))
    })
    expect((await errorOf(pay.transactions.query(number))).message).toMatch(message)
  })
})

describe('money calls', () => {
  it.each<[string, () => Response | Promise<Response>, string]>([
    ['200', () => signedAnswer(REFUNDED), 'accepted'],
    ['202', () => failure(202, 'ACCEPTED'), 'ERR_UNKNOWN_RESULT'],
    ['500', () => failure(500, 'SYSTEM_ERROR'), 'ERR_UNKNOWN_RESULT'],
    ['503', () => failure(503, 'SERVICE_UNAVAILABLE'), 'ERR_UNKNOWN_RESULT'],
    ['504 of a gateway', () => unsigned(504, '<html>'), 'ERR_UNKNOWN_RESULT'],
    ['429', () => failure(429, 'FREQUENCY_LIMITED'), 'ERR_UNKNOWN_RESULT'],
    ['403, signed', () => failure(403, 'NOT_ENOUGH'), 'ERR_WECHAT_PAY'],
    ['403, signed wrongly', () => failure(403, 'NOT_ENOUGH', { signed: '{}' }), 'ERR_UNKNOWN_RESULT'],
    ['403, not signed', () => unsigned(403, '{"code":"NOT_ENOUGH","message":"x"}'), 'ERR_UNKNOWN_RESULT'],
    ['401, never signed', () => unsigned(401, '{"code":"SIGN_ERROR","message":"x"}'), 'ERR_WECHAT_PAY'],
    ['200 about another refund', () => signedAnswer({ ...REFUNDED, out_refund_no: 'R2' }), 'ERR_UNKNOWN_RESULT'],
    [
      '200 about another amount',
      () => signedAnswer({ ...REFUNDED, amount: { refund: 5, total: 1980 } }),
      'ERR_UNKNOWN_RESULT'
    ],
    ['200, not signed', () => unsigned(200, JSON.stringify(REFUNDED)), 'ERR_UNKNOWN_RESULT'],
    ['200, a probe', () => signedAnswer(REFUNDED, 200, { prefix: 'WECHATPAY/SIGNTEST/' }), 'ERR_UNKNOWN_RESULT'],
    ['200, no JSON', () => signedAnswer('x'), 'ERR_UNKNOWN_RESULT'],
    ['a cut connection', () => Promise.reject(connection('ECONNRESET')), 'ERR_UNKNOWN_RESULT'],
    ['no connection', () => Promise.reject(connection('ECONNREFUSED')), 'ERR_CONNECTION']
  ])('refund, %s: %s', async (_, answer, code) => {
    const { pay } = payWith(answer)
    const error = await errorOf(pay.refunds.create(REFUND))
    expect(error).toMatchObject(code === 'ERR_UNKNOWN_RESULT' ? { code, query: QUERY } : { code })
  })

  it('a refusal after an attempt without a response leaves the result open', async () => {
    const { pay, fetch } = payWith(
      (_, index) => (index === 0 ? Promise.reject(connection('ECONNRESET')) : failure(403, 'NOT_ENOUGH')),
      { maxRetries: 1 }
    )
    expect(await errorOf(pay.refunds.create(REFUND))).toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      cause: { upstreamCode: 'NOT_ENOUGH' }
    })
    const [first, second] = fetch.seen
    expect(first?.body).toBe(second?.body)
    expect(first?.headers.get('authorization')).not.toBe(second?.headers.get('authorization'))
  })

  it('a repeat that succeeds is a success', async () => {
    const { pay } = payWith((_, index) => (index === 0 ? failure(500, 'SYSTEM_ERROR') : signedAnswer(REFUNDED)), {
      maxRetries: 1
    })
    expect((await pay.refunds.create(REFUND)).status).toBe('PROCESSING')
  })

  it.each([202, 400, 401, 403, 404, 409, 429, 500, 502])('transfer, %i: in doubt', async (status) => {
    const { pay, fetch } = payWith(() => failure(status, 'PARAM_ERROR'), { maxRetries: 3 })
    const error = await errorOf(pay.transfers.create(TRANSFER))
    expect(error).toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      query: { method: 'transfers.query', params: { out_bill_no: TRANSFER.out_bill_no } }
    })
    expect(error.message).toContain('PARAM_ERROR')
    expect(fetch.seen).toHaveLength(1)
  })

  it('the query of each exists on the client', async () => {
    const { pay } = payWith(() => unsigned(500, ''))
    const sharing = { transaction_id: '4', out_order_no: 'P1', unfreeze_unsplit: true }
    const calls: (() => Promise<unknown>)[] = [
      () => pay.refunds.create(REFUND),
      () => pay.refunds.applyAbnormal({ refund_id: '5', out_refund_no: 'R1', type: 'MERCHANT_BANK_CARD' }),
      () => pay.transfers.create(TRANSFER),
      () => pay.transfers.cancel({ out_bill_no: 'W1' }),
      () => pay.profitSharing.create(sharing),
      () => pay.profitSharing.unfreeze({ transaction_id: '4', out_order_no: 'P1', description: 'x' }),
      () =>
        pay.profitSharing.createReturn({
          out_order_no: 'P1',
          out_return_no: 'B1',
          return_mchid: '1900000109',
          amount: 1,
          description: 'x'
        }),
      () => pay.transactions.reverse(number),
      () => pay.partnerTransactions.reverse({ ...number, sub_mchid: '1900000109' }),
      () =>
        pay.transferBatches.create({
          out_batch_no: 'B0001',
          batch_name: 'x',
          batch_remark: 'x',
          total_amount: 1,
          total_num: 1,
          transfer_detail_list: [{ out_detail_no: 'D0001', transfer_amount: 1, transfer_remark: 'x', openid: 'o' }]
        })
    ]
    for (const call of calls) {
      const error = (await errorOf(call())) as WeixinKitError & { query: { method: string; params: object } }
      expect(error.code).toBe('ERR_UNKNOWN_RESULT')
      const [resource = '', method = ''] = error.query.method.split('.')
      const owner = pay[resource as 'refunds'] as unknown as Record<string, (params: object) => Promise<unknown>>
      // What the error says can be run as it is.
      expect(owner[method]).toBeTypeOf('function')
      expect(await errorOf(owner[method]?.call(owner, error.query.params) ?? Promise.resolve())).toMatchObject({
        code: 'ERR_WECHAT_PAY'
      })
    }
  })

  it('request() with resultQuery is one too', async () => {
    const { pay } = payWith(() => failure(400, 'PARAM_ERROR'))
    const resultQuery = { method: 'request', params: { path: '/v3/x' } }
    const call = pay.request({ method: 'POST', path: '/v3/x', body: {}, resultQuery })
    expect(await errorOf(call)).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query: resultQuery })
  })

  it('an abort before anything was sent rejects with its reason', async () => {
    const { pay, fetch } = payWith(() => new Promise<Response>(() => undefined))
    const controller = new AbortController()
    const call = pay.refunds.create(REFUND, { signal: controller.signal })
    const reason = new Error('stop')
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
    expect(fetch.seen).toHaveLength(0)
  })

  it('an abort after the request was sent is one too', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const reason = new Error('stop')
    const { pay, fetch } = payWith(() => {
      queueMicrotask(() => controller.abort(reason))
      return new Promise<Response>(() => undefined)
    })
    const error = await errorOf(pay.refunds.create(REFUND, { signal }))
    expect(error).toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      query: { method: 'refunds.query', params: { out_refund_no: REFUND.out_refund_no } }
    })
    expect((error as Error).cause).toBe(reason)
    expect(fetch.seen).toHaveLength(1)
  })

  it('an abort between two attempts is one too, and a call that moves no money ends with the reason', async () => {
    for (const isMoney of [true, false]) {
      const controller = new AbortController()
      const { signal } = controller
      const reason = new Error('stop')
      const { pay } = payWith(
        () => {
          setTimeout(() => controller.abort(reason))
          return failure(500, 'SYSTEM_ERROR')
        },
        { maxRetries: 1 }
      )
      const call = isMoney
        ? pay.refunds.create(REFUND, { signal })
        : pay.refunds.query({ out_refund_no: REFUND.out_refund_no }, { signal })
      const error = await errorOf(call)
      if (isMoney) expect(error).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', cause: reason })
      else expect(error).toBe(reason)
    }
  })
})

function connection(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
}
