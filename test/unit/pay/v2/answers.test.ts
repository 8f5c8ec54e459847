import { createPrivateKey, type KeyObject } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { SignatureError, WeChatPayError } from 'weixin-kit'
import { type MerchantCertificates, merchantCertificates } from '../../../support/merchant-certificates.ts'
import {
  type Answer,
  clientWith as clientWithout,
  errorOf,
  type Fields,
  fromXml,
  MCH_ID,
  networkError,
  OTHER_KEY,
  signedAnswer,
  signFields,
  toXml
} from '../../../support/pay-v2.ts'
import { answerOf, CALLS, type CallCase } from './calls.ts'

let certificates: MerchantCertificates
// Parsed once: some thousand clients are made here.
let key: KeyObject
beforeAll(async () => {
  certificates = merchantCertificates(MCH_ID)
  key = createPrivateKey(certificates.key)
  // Loaded at the first call with a certificate; under a faked clock that would look like a timeout.
  await import('undici')
})
afterEach(() => vi.useRealTimers())

function clientWith(answers: Answer | Answer[]) {
  // The certificates are younger than the clock of the other tests.
  return clientWithout(answers, { clientCert: { cert: certificates.cert, key }, clock: Date.now })
}

/** Lets all pauses between attempts pass. */
async function fast<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let isDone = false
  const promise = work().finally(() => {
    isDone = true
  })
  promise.catch(() => undefined)
  while (!isDone) {
    for (let turn = 0; turn < 20 && !isDone; turn++) await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(500)
  }
  return promise
}

/** The error behind an unknown result, so that one expectation fits all calls. */
async function failureOf(call: CallCase, answers: Answer | Answer[]) {
  const { pay, seen } = clientWith(answers)
  const error = await fast(() => errorOf(() => call.invoke(pay)))
  if (!call.query) return { error, cause: error, seen }
  return { error, cause: error.code === 'ERR_UNKNOWN_RESULT' ? error.cause : error, seen }
}

describe.each(CALLS)('$name', (call) => {
  it('answers, with and without a certificate as the endpoint needs it', async () => {
    const { pay, seen } = clientWith(answerOf(call))
    const result = (await call.invoke(pay)) as Record<string, unknown>
    expect(result).not.toHaveProperty('sign')
    expect(seen[0]?.url.pathname).toBe(call.path)
    const sent = fromXml(seen[0]?.body ?? '')
    const type = call.isSigned ? 'HMAC-SHA256' : 'MD5'
    expect(sent.sign_type).toBe(type === 'MD5' ? undefined : type)
    expect(sent.sign).toBe(signFields(sent, type))
    expect(sent.nonce_str).toBe(call.hasNoNonce ? undefined : 'ibuaiVcKdpRxkhJA')
  })

  if (call.needsCertificate) {
    it('is refused without a certificate before anything is sent', async () => {
      const { pay, seen } = clientWithout(answerOf(call))
      const error = await errorOf(() => call.invoke(pay))
      expect([error.code, error.option]).toEqual(['ERR_CONFIG', 'clientCert'])
      expect(seen).toHaveLength(0)
    })
  }

  if (call.needsCertificate) {
    it.each(['No required SSL certificate was sent', 'The SSL certificate error'])(
      'is certainly refused by the gateway: %s',
      async (text) => {
        const page = `<html>\r\n<head><title>400 ${text}</title></head>\r\n<body><hr><center>nginx</center></body></html>`
        const { error, seen } = await failureOf(call, new Response(page, { status: 400 }))
        expect(error).toMatchObject({ code: 'ERR_WECHAT_PAY', upstreamCode: 'CA_ERROR', upstreamMessage: text })
        expect(seen).toHaveLength(1)
      }
    )
  }

  if (call.isSigned) {
    const genuine = fromXml(answerOf(call))
    const names = Object.keys(genuine)

    it.each(names)('refuses a changed %s', async (name) => {
      const { cause, error } = await failureOf(call, toXml({ ...genuine, [name]: `${genuine[name]}1` }))
      expect(error.code).toBe(call.query ? 'ERR_UNKNOWN_RESULT' : cause.code)
      // Without return_code SUCCESS nothing is looked at any further.
      expect(cause.code).toBe(name === 'return_code' ? 'ERR_UNEXPECTED_RESPONSE' : 'ERR_SIGNATURE_MISMATCH')
    })

    it.each(names)('refuses a response without %s', async (name) => {
      const { cause } = await failureOf(call, toXml({ ...genuine, [name]: undefined }))
      const expected = { return_code: 'ERR_UNEXPECTED_RESPONSE', sign: 'ERR_SIGNATURE_MISSING' }[name]
      expect(cause.code).toBe(expected ?? 'ERR_SIGNATURE_MISMATCH')
    })

    it.each(names)('refuses a second %s', async (name) => {
      const { cause } = await failureOf(call, toXml(genuine).replace('</xml>', `<${name}>x</${name}></xml>`))
      expect(cause.code).toBe('ERR_UNEXPECTED_RESPONSE')
    })

    it.each<[string, () => string, string]>([
      ['an added field', () => toXml({ ...genuine, extra: '1' }), 'ERR_SIGNATURE_MISMATCH'],
      ['an empty signature', () => toXml({ ...genuine, sign: '' }), 'ERR_SIGNATURE_MISSING'],
      [
        'a signature in lower case',
        () => toXml({ ...genuine, sign: genuine.sign?.toLowerCase() }),
        'ERR_SIGNATURE_MISMATCH'
      ],
      [
        'the signature of another key',
        () => signedAnswer(call.answer, 'HMAC-SHA256', OTHER_KEY),
        'ERR_SIGNATURE_MISMATCH'
      ],
      ['MD5 where HMAC-SHA256 was asked', () => signedAnswer(call.answer, 'MD5'), 'ERR_SIGNATURE_MISMATCH'],
      [
        'MD5 that names itself',
        () => signedAnswer({ ...call.answer, sign_type: 'MD5' }, 'MD5'),
        'ERR_SIGNATURE_MISMATCH'
      ],
      [
        'another merchant of the same key',
        () => signedAnswer({ ...call.answer, mch_id: '1900000110' }),
        'ERR_UNEXPECTED_RESPONSE'
      ],
      [
        'another app of the same key',
        () => signedAnswer({ ...call.answer, appid: 'wx0000000000000000' }),
        'ERR_UNEXPECTED_RESPONSE'
      ],
      ['nested elements', () => toXml(genuine).replace('</xml>', '<a><b>1</b></a></xml>'), 'ERR_SIGNATURE_MISMATCH'],
      ['no result_code', () => signedAnswer({ ...call.answer, result_code: undefined }), 'ERR_UNEXPECTED_RESPONSE'],
      ['result_code OK', () => signedAnswer({ ...call.answer, result_code: 'OK' }), 'ERR_UNEXPECTED_RESPONSE'],
      [
        'a refusal whose signature was removed',
        () => toXml({ ...genuine, result_code: 'FAIL', err_code: 'ORDERPAID', sign: undefined }),
        'ERR_SIGNATURE_MISSING'
      ],
      [
        'the response of another order',
        () => signedAnswer({ trade_type: 'APP', prepay_id: 'x', out_trade_no: 'other', out_refund_no: 'other' }),
        ['orders.close', 'orders.reverse'].includes(call.name) ? 'none' : 'ERR_UNEXPECTED_RESPONSE'
      ]
    ])('refuses %s', async (_what, answer, code) => {
      if (code === 'none') return expect(call.echo).toEqual(['appid', 'mch_id'])
      if (_what === 'no result_code' && call.hasNoResultCode) return expect(call.query).toBeUndefined()
      const { cause, error } = await failureOf(call, answer())
      expect(cause.code).toBe(code)
      expect(error.code).toBe(call.query ? 'ERR_UNKNOWN_RESULT' : code)
    })
  }

  it.each(call.echo)('refuses a response with another %s', async (name) => {
    const { cause } = await failureOf(call, answerOf(call, { [name]: name.includes('fee') ? '1' : 'wxother' }))
    expect(cause.code).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it.each(call.echo)('refuses a response that leaves %s out', async (name) => {
    const { cause } = await failureOf(call, answerOf(call, { [name]: undefined }))
    expect(cause.code).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it.each<[string, Answer]>([
    ['HTML with status 200', '<html><body>502</body></html>'],
    ['nothing', ''],
    ['a cut answer', answerOf(call).slice(0, -20)],
    ['JSON', '{"return_code":"SUCCESS"}'],
    ['a DOCTYPE', `<!DOCTYPE xml [<!ENTITY x "y">]>${answerOf(call)}`],
    ['a redirect response', new Response('', { status: 403 })],
    ['two documents', answerOf(call) + answerOf(call)],
    ['invalid UTF-8', new Response(Buffer.from(answerOf(call).replace('OK', '\xff'), 'latin1'))]
  ])('refuses %s', async (_what, answer) => {
    if (_what === 'invalid UTF-8' && !answerOf(call).includes('OK')) return
    const { cause, error, seen } = await failureOf(call, answer)
    expect(['ERR_UNEXPECTED_RESPONSE', 'ERR_SIGNATURE_MISMATCH']).toContain(cause.code)
    expect(error.code).toBe(call.query ? 'ERR_UNKNOWN_RESULT' : cause.code)
    expect(seen).toHaveLength(1)
  })

  it.each<[string, () => Response]>([
    [
      'with its length',
      () => new Response(new Uint8Array(1024 * 1024 + 1), { headers: { 'content-length': '1048577' } })
    ],
    ['without end', () => new Response(ReadableStream.from(flood()))],
    [
      'compressed to little',
      () =>
        new Response(ReadableStream.from(flood()), { headers: { 'content-length': '50', 'content-encoding': 'gzip' } })
    ]
  ])('refuses a response that is too large, %s', async (_what, answer) => {
    const error = await errorOf(() => call.invoke(clientWith(answer).pay))
    expect((call.query ? error.cause : error).code).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it('repeats the identical bytes where that is safe', async () => {
    const { pay, seen } = clientWith([
      networkError('ECONNRESET'),
      new Response('busy', { status: 503 }),
      answerOf(call)
    ])
    const result = fast(() => call.invoke(pay))
    if (call.repeat === 'never') {
      expect(await errorOf(() => result)).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query: call.query })
      expect(seen).toHaveLength(1)
      return
    }
    await result
    expect(seen).toHaveLength(3)
    expect(new Set(seen.map(({ body }) => body)).size).toBe(1)
    // After a failed connection the other host is tried, after a response the same one.
    expect(seen.map(({ url }) => url.host.split('.')[0])).toEqual(['api', 'api2', 'api2'])
  })

  it('repeats when nothing was sent, whatever the call', async () => {
    const { pay, seen } = clientWith([networkError('ECONNREFUSED'), answerOf(call)])
    await fast(() => call.invoke(pay))
    expect(new Set(seen.map(({ body }) => body)).size).toBe(1)
  })

  it('is certain of the failure when no attempt left this machine', async () => {
    const { error, seen } = await failureOf(call, networkError('ECONNREFUSED'))
    expect(error.code).toBe('ERR_CONNECTION')
    expect(seen).toHaveLength(3)
  })

  const refusal = (err_code: string, more: Fields = {}) => {
    const fields = { result_code: 'FAIL', err_code, err_code_des: '说明', ...more }
    return call.isSigned ? signedAnswer(fields) : toXml({ return_code: 'SUCCESS', return_msg: '', ...fields })
  }

  it('reports a certain refusal with kind and hint', async () => {
    const { error, seen } = await failureOf(call, refusal('NOTENOUGH'))
    expect(error).toBeInstanceOf(WeChatPayError)
    expect(error).toMatchObject({ upstreamCode: 'NOTENOUGH', upstreamMessage: '说明', version: 2, kind: 'state' })
    expect(error.hint.zh).toContain('余额')
    expect(seen).toHaveLength(1)
  })

  it('does not hammer when it is told to slow down', async () => {
    const { error, seen } = await failureOf(call, refusal('FREQUENCY_LIMITED'))
    expect(error).toMatchObject({ code: 'ERR_WECHAT_PAY', kind: 'rate_limit', retryable: true })
    expect(seen).toHaveLength(1)
  })

  if (!call.query) return
  const { query } = call

  it.each<[string, Answer]>([
    ['SYSTEMERROR', refusal('SYSTEMERROR')],
    ['an unlisted code', refusal('SOMETHING_NEW')],
    ['no code', refusal('')],
    ['return_code FAIL of unclear meaning', toXml({ return_code: 'FAIL', return_msg: '未知' })],
    ['a cut connection', networkError('ECONNRESET')],
    ['status 502', new Response('<html>', { status: 502 })]
  ])('does not know the result after %s, and names the query', async (_what, answer) => {
    const { error } = await failureOf(call, answer)
    expect(error).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query })
    expect(error.message).toContain(query.method)
  })

  it('does not know the result after a timeout', async () => {
    const hang = () => new Promise<Response>(() => undefined)
    const { pay } = clientWithout('', {
      fetch: (_url, init) =>
        Promise.race([
          hang(),
          new Promise<Response>((_, reject) =>
            init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
          )
        ]),
      clientCert: { cert: certificates.cert, key },
      clock: Date.now
    })
    const error = await fast(() => errorOf(() => call.invoke(pay)))
    expect(error).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query })
    expect(error.cause.code).toBe('ERR_TIMEOUT')
  })

  it('believes no refusal after an attempt without response', async () => {
    if (call.repeat === 'never') return
    for (const last of [refusal('NOTENOUGH'), toXml({ return_code: 'FAIL', return_msg: '签名错误' })]) {
      const { error } = await failureOf(call, [networkError('ECONNRESET'), last])
      expect(error).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query })
    }
  })

  it('believes a success after an attempt without response', async () => {
    if (call.repeat === 'never') return
    const { pay } = clientWith([networkError('ECONNRESET'), answerOf(call)])
    await expect(fast(() => call.invoke(pay))).resolves.toBeTruthy()
  })

  it('believes the refusal of a request that was not understood', async () => {
    const { error } = await failureOf(call, toXml({ return_code: 'FAIL', return_msg: '签名错误' }))
    expect(error).toMatchObject({ code: 'ERR_WECHAT_PAY', upstreamCode: 'SIGNERROR', kind: 'config' })
    expect(error.message).toContain('explainSign')
  })

  it('does not know the result when the caller aborts after it was sent', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const { pay } = clientWith(() => {
      controller.abort(reason)
      return answerOf(call)
    })
    const error = await errorOf(() => invokeWithSignal(call, pay, controller.signal))
    expect(error).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query })
    expect(error.cause).toBe(reason)
    expect(error.message).toContain(query.method)
  })

  it("hands the caller's abort through as it is while nothing was sent", async () => {
    const { pay } = clientWith(answerOf(call))
    const reason = new Error('enough')
    const abort = AbortSignal.abort(reason)
    expect(await errorOf(() => invokeWithSignal(call, pay, abort))).toBe(reason)
  })
})

/** The parameters of the table's call, sent once more with a signal. */
async function invokeWithSignal(call: CallCase, pay: Parameters<CallCase['invoke']>[0], signal: AbortSignal) {
  const [resource, method] = call.name.split('.') as [string, string]
  let params: unknown
  const record = async (given: unknown) => {
    params = given
  }
  await call.invoke({ [resource]: { [method]: record } } as never)
  return (pay as unknown as Record<string, Record<string, (...args: unknown[]) => unknown>>)[resource]?.[method]?.(
    params,
    { signal }
  )
}

async function* flood(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(64 * 1024)
}

describe('payouts', () => {
  it.each([
    ['transfers.create', 'open'],
    ['redPacks.send', 'refused']
  ])('takes SEND_FAILED of %s for %s', async (name, outcome) => {
    const call = CALLS.find((one) => one.name === name)
    if (!call) throw new Error('no such call')
    const answer = toXml({ return_code: 'SUCCESS', result_code: 'FAIL', err_code: 'SEND_FAILED' })
    const { error } = await failureOf(call, answer)
    expect(error.code).toBe(outcome === 'open' ? 'ERR_UNKNOWN_RESULT' : 'ERR_WECHAT_PAY')
  })

  it('keeps a second between two attempts of one payout', async () => {
    const call = CALLS.find((one) => one.name === 'transfers.create')
    if (!call) throw new Error('no such call')
    const { pay, seen } = clientWith([networkError('ECONNRESET'), answerOf(call)])
    await call.invoke(clientWith(answerOf(call)).pay)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const promise = call.invoke(pay)
    await vi.waitFor(() => expect(seen).toHaveLength(1))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(seen).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    await promise
    expect(seen).toHaveLength(2)
  })

  it('refuses a response with a wrong signature, although none is required', async () => {
    const call = CALLS.find((one) => one.name === 'transfers.create')
    if (!call) throw new Error('no such call')
    const { error } = await failureOf(call, answerOf(call, { sign: 'A'.repeat(32) }))
    expect(error.cause).toBeInstanceOf(SignatureError)
  })

  it('believes no success with a status that denies it', async () => {
    const call = CALLS.find((one) => one.name === 'transfers.create')
    if (!call) throw new Error('no such call')
    const { error } = await failureOf(call, new Response(answerOf(call), { status: 404 }))
    expect([error.code, error.cause.code]).toEqual(['ERR_UNKNOWN_RESULT', 'ERR_UNEXPECTED_RESPONSE'])
  })

  it.each([
    ['orders.micropay', { transaction_id: '' }],
    ['orders.micropay', { total_fee: '19.80' }],
    ['refunds.create', { refund_fee: '5.00' }],
    ['redPacks.send', { total_amount: '1.00' }]
  ])('takes a success of %s that cannot be read, %o, for no refusal', async (name, changes) => {
    const call = CALLS.find((one) => one.name === name)
    if (!call) throw new Error('no such call')
    const { error } = await failureOf(call, answerOf(call, changes))
    expect(error).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query: call.query })
    expect(error.cause.code).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it('shows nothing of a damaged answer', async () => {
    const call = CALLS.find((one) => one.name === 'orders.query')
    if (!call) throw new Error('no such call')
    const { error } = await failureOf(call, '<xml><sandbox_signkey><![CDATA[b4a1f0e2c3d4e5f60718293a4b5c6d7e]]></sandb')
    expect(error.code).toBe('ERR_UNEXPECTED_RESPONSE')
    expect(JSON.stringify(error) + error.stack + String(error.cause)).not.toContain('b4a1f0e2')
  })

  it('reads the receivers of a red packet, one or many', async () => {
    const call = CALLS.find((one) => one.name === 'redPacks.query')
    if (!call) throw new Error('no such call')
    const item = (openid: string) =>
      `<hbinfo><openid>${openid}</openid><amount>100</amount><rcv_time>2026-03-01 13:16:00</rcv_time></hbinfo>`
    const answer = (...items: string[]) => answerOf(call).replace('</xml>', `<hblist>${items.join('')}</hblist></xml>`)
    const one = (await call.invoke(clientWith(answer(item('a'))).pay)) as { receivers: unknown[] }
    expect(one.receivers).toEqual([{ openid: 'a', amount: 100, rcv_time: '2026-03-01 13:16:00' }])
    const two = (await call.invoke(clientWith(answer(item('a'), item('b'))).pay)) as { receivers: unknown[] }
    expect(two.receivers).toHaveLength(2)
    const none = (await call.invoke(clientWith(answerOf(call)).pay)) as { receivers: unknown[] }
    expect(none.receivers).toEqual([])
  })

  it.each([
    ['transfers', { check_name: 'FORCE_CHECK' }, 're_user_name'],
    ['transfers', { amount: 29 }, 'amount'],
    ['transfers', { partner_trade_no: 'a-b' }, 'partner_trade_no'],
    ['redPacks', { total_amount: 99 }, 'total_amount'],
    ['redPacks', { total_amount: 20_001 }, 'total_amount'],
    ['redPacks', { mch_billno: 'x'.repeat(29) }, 'mch_billno'],
    ['redPacks', { scene_id: 'PRODUCT_9' }, 'scene_id']
  ])('%s refuses %j', async (resource, changes, option) => {
    const { pay, seen } = clientWith('')
    const work = () =>
      resource === 'transfers'
        ? pay.transfers.create({
            partner_trade_no: 'T1',
            openid: 'o',
            check_name: 'NO_CHECK',
            amount: 500,
            desc: 'd',
            ...changes
          } as never)
        : pay.redPacks.send({
            mch_billno: '1',
            send_name: 'a',
            re_openid: 'o',
            total_amount: 100,
            wishing: 'w',
            act_name: 'a',
            remark: 'r',
            client_ip: '1.1.1.1',
            ...changes
          } as never)
    expect(await errorOf(work)).toMatchObject({ code: 'ERR_INVALID_PARAM', option })
    expect(seen).toHaveLength(0)
  })

  it('takes amounts beyond the usual with a scene_id', async () => {
    const { pay, seen } = clientWith(new Response('', { status: 400 }))
    await errorOf(() =>
      pay.redPacks.send({
        mch_billno: '1',
        send_name: 'a',
        re_openid: 'o',
        total_amount: 20_001,
        wishing: 'w',
        act_name: 'a',
        remark: 'r',
        client_ip: '1.1.1.1',
        scene_id: 'PRODUCT_4'
      })
    )
    expect(fromXml(seen[0]?.body ?? '')).toMatchObject({ total_amount: '20001', scene_id: 'PRODUCT_4', total_num: '1' })
  })
})
