import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { Agent } from 'node:https'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator, SimulatorClock, type SimulatorServer } from 'weixin-kit/simulator'

// Clients that nobody here wrote. None of them has types that can be used, so what is called is described here.
type Fields = Record<string, unknown>
type Call = (params: Fields, more?: unknown) => Promise<Record<string, string>>
interface Tenpay extends Record<string, Call> {
  urls: Record<string, string> & Call
  middlewareForExpress: ((type: string) => express.RequestHandler) & Call
}
interface TenpayClass {
  new (config: Fields): Tenpay
}
interface Answer {
  status: number
  data: Record<string, unknown>
}
type Client = Record<string, (...args: unknown[]) => Promise<Answer>> & {
  createHttp(service: object): void
  verifySign(params: Fields): Promise<boolean>
  decipher_gcm(ciphertext: string, aad: string, nonce: string, key: string): Record<string, unknown>
  publicEncrypt(text: string, key: string): string
  privateDecrypt(text: string): string
}
interface Chained {
  get(config?: Fields): Promise<Answer>
  post(data?: Fields, config?: Fields): Promise<Answer>
}
interface Chain {
  chain(path: string): Chained
}
interface Axios {
  Wechatpay: new (config: Fields) => Chain
  Rsa: { encrypt(text: string, key: unknown): string; decrypt(text: string, key: unknown): string }
}

const require = createRequire(import.meta.url)
const TenpayClient = require('tenpay') as TenpayClass
const urllib = createRequire(require.resolve('tenpay'))('urllib') as { httpsAgent: Agent }
const PayV3Client = require('wechatpay-node-v3') as new (config: Fields) => Client
const { PayRequest } = require('wechatpay-node-v3/dist/lib/pay-request') as {
  PayRequest: new () => Record<'get' | 'post', (url: string, ...args: unknown[]) => Promise<Answer>>
}
const { Wechatpay, Rsa } = require('wechatpay-axios-plugin') as Axios

interface Notified {
  headers: Record<string, string>
  body: string
}

let simulator: Simulator
let https: SimulatorServer
let http: SimulatorServer
let app: { url: string; server: Server; notified: Notified[] }

/** An application of which the foreign client's own code judges the v2 notifications. */
async function startApp(client: () => Tenpay): Promise<typeof app> {
  const notified: Notified[] = []
  const server = createServer(
    express()
      .use(express.text({ type: ['text/xml', 'application/json'] }))
      .use('/v2/pay', (req, res, next) => client().middlewareForExpress('pay')(req, res, next), accept(notified))
      .use('/v2/refund', (req, res, next) => client().middlewareForExpress('refund')(req, res, next), accept(notified))
      .use('/v3', (req, res) => {
        notified.push({ headers: req.headers as Record<string, string>, body: String(req.body) })
        res.status(204).end()
      })
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, notified }
}

function accept(notified: Notified[]): express.RequestHandler {
  return (req, res) => {
    notified.push({ headers: {}, body: JSON.stringify((req as unknown as { weixin: unknown }).weixin) })
    ;(res as unknown as { reply(): void }).reply()
  }
}

async function start(platformKey: 'publicKey' | 'certificate', client: () => Tenpay, clock?: SimulatorClock) {
  simulator = createSimulator({ accounts: { merchants: [{ platformKey }] }, ...(clock ? { clock } : {}) })
  simulator.pay.settings.refundDelayMs = 0
  simulator.pay.settings.payoutDelayMs = 0
  https = await simulator.listen({ tls: true })
  http = await simulator.listen()
  app = await startApp(client)
}

async function stop() {
  app.server.closeAllConnections()
  await new Promise((resolve) => app.server.close(resolve))
  await simulator.close()
}

const rebase = (server: SimulatorServer, url: string) => url.replace(/^https:\/\//, `${server.url}/`)

function tenpay(more: Fields = {}): Tenpay {
  const { appId, mchId, apiKey } = simulator.credentials.payV2
  const client = new TenpayClient({
    appid: appId,
    mchid: mchId,
    partnerKey: apiKey,
    pfx: simulator.credentials.merchantFiles().pfx,
    notify_url: `${app.url}/v2/pay`,
    refund_url: `${app.url}/v2/refund`,
    ...more
  })
  for (const [name, url] of Object.entries(client.urls))
    Object.assign(client.urls, { [name]: rebase(https, String(url)) })
  return client
}

describe('tenpay (v2, p12) over HTTPS', () => {
  let client: Tenpay

  beforeAll(async () => {
    await start('publicKey', () => client)
    // urllib has one agent for all; it has to trust the authority of the simulator.
    urllib.httpsAgent.options.ca = simulator.certificateAuthority
    client = tenpay()
  })
  afterAll(stop)

  const call = (name: string, params: Fields) => (client[name] as Call).call(client, params)

  it('orders, is paid, and accepts the notification', async () => {
    const user = simulator.user('ming')
    const openid = user.openid(simulator.credentials.officialAccount.appId)
    const order = { out_trade_no: 'TENPAY01', body: '商品 & <b>', total_fee: 100, openid }
    const params = await call('getPayParams', order)
    const paid = await user.pay(params)
    expect(paid.delivery?.state).toBe('delivered')
    expect(JSON.parse(app.notified.at(-1)?.body ?? '')).toMatchObject({ out_trade_no: 'TENPAY01', total_fee: '100' })
    expect(await call('orderQuery', { out_trade_no: 'TENPAY01' })).toMatchObject({ trade_state: 'SUCCESS' })
    await expect(call('unifiedOrder', order)).rejects.toThrow('ORDERPAID')
    await expect(call('closeOrder', { out_trade_no: 'TENPAY01' })).rejects.toThrow('ORDERPAID')
  })

  it('signs with HMAC-SHA256 too, and pays in an app', async () => {
    const user = simulator.user('ming')
    const order = { out_trade_no: 'TENPAY02', body: 'app', total_fee: 1, sign_type: 'HMAC-SHA256' }
    expect(await user.pay(await call('getAppParams', order))).toMatchObject({ state: 'SUCCESS' })
  })

  it('refunds with its certificate and decrypts the notification', async () => {
    const refund = { out_trade_no: 'TENPAY01', out_refund_no: 'TENPAYR1', total_fee: 100, refund_fee: 40 }
    expect(await call('refund', refund)).toMatchObject({ result_code: 'SUCCESS', refund_fee: '40' })
    await expect.poll(() => app.notified.at(-1)?.body).toContain('TENPAYR1')
    expect(await call('refundQuery', { out_refund_no: 'TENPAYR1' })).toMatchObject({ refund_status_0: 'SUCCESS' })
    await expect(call('refund', { ...refund, out_refund_no: 'TENPAYR2', refund_fee: 61 })).rejects.toThrow('ERROR')
  })

  it('is refused without a certificate', async () => {
    const naked = tenpay({ pfx: undefined })
    const refund = { out_trade_no: 'TENPAY01', out_refund_no: 'TENPAYR3', total_fee: 100, refund_fee: 1 }
    await expect((naked.refund as Call).call(naked, refund)).rejects.toThrow('request fail')
  })

  it('pays out: transfers, red packets, bank cards', async () => {
    const user = simulator.user('ming')
    const openid = user.openid(simulator.credentials.officialAccount.appId)
    const transfer = { partner_trade_no: 'TENPAYP1', openid, re_user_name: '张三', amount: 100, desc: '奖励' }
    expect(await call('transfers', transfer)).toMatchObject({ result_code: 'SUCCESS' })
    expect(await call('transfersQuery', { partner_trade_no: 'TENPAYP1' })).toMatchObject({ status: 'SUCCESS' })
    const pack = {
      mch_billno: 'TENPAYHB1',
      send_name: 's',
      wishing: 'w',
      act_name: 'a',
      remark: 'r',
      total_amount: 100
    }
    expect(await call('sendRedpack', { ...pack, re_openid: openid })).toMatchObject({ result_code: 'SUCCESS' })
    expect(user.openRedPack('TENPAYHB1')).toEqual({ amount: 100 })
    expect(await call('redpackQuery', { mch_billno: 'TENPAYHB1' })).toMatchObject({ status: 'RECEIVED' })
    const bank = {
      partner_trade_no: 'TENPAYB1',
      enc_bank_no: '6222600000000000',
      enc_true_name: '张三',
      bank_code: 1001,
      amount: 100
    }
    expect(await call('payBank', { ...bank, desc: 'x' })).toMatchObject({ result_code: 'SUCCESS' })
    expect(await call('queryBank', { partner_trade_no: 'TENPAYB1' })).toMatchObject({ status: 'SUCCESS' })
  })

  it('takes payments by code and reverses them', async () => {
    const code = simulator.user('ming').paymentCode()
    const order = { out_trade_no: 'TENPAY03', body: 'code', total_fee: 1, auth_code: code }
    expect(await call('micropay', order)).toMatchObject({ trade_type: 'MICROPAY' })
    expect(await call('reverse', { out_trade_no: 'TENPAY03' })).toMatchObject({ recall: 'N' })
  })

  it('uses the sandbox', async () => {
    const { sandbox_signkey: partnerKey } = await call('getSignkey', {})
    const sandbox = tenpay({ partnerKey, sandbox: true })
    const order = { out_trade_no: 'SANDBOX1', body: 'x', total_fee: 101, trade_type: 'APP' }
    expect(await (sandbox.unifiedOrder as Call).call(sandbox, order)).toMatchObject({ result_code: 'SUCCESS' })
    const query = (sandbox.orderQuery as Call).call(sandbox, { out_trade_no: 'SANDBOX1' })
    expect(await query).toMatchObject({ trade_state: 'SUCCESS' })
  })

  it('notices a wrong sign in a response', async () => {
    simulator.fail('/pay/orderquery', 'bad-signature')
    await expect(call('orderQuery', { out_trade_no: 'TENPAY01' })).rejects.toThrow('sign签名错误')
  })
})

describe('bills, made yesterday by a v2 client and fetched today by a v3 client', () => {
  let client: Tenpay
  const now = Date.now()

  beforeAll(async () => {
    await start('publicKey', () => client, new SimulatorClock({ startAt: now - 36 * 3_600_000 }))
    urllib.httpsAgent.options.ca = simulator.certificateAuthority
    client = tenpay()
  })
  afterAll(stop)

  it('agree', async () => {
    const params = await (client.getAppParams as Call).call(client, {
      out_trade_no: 'BILL0001',
      body: 'x',
      total_fee: 100
    })
    await simulator.user('ming').pay(params)
    const day = new Date(simulator.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10)
    await simulator.clock.advance(36 * 3_600_000)
    const bill = { bill_date: day.replaceAll('-', '') }
    const parsed = (await (client.downloadBill as Call).call(client, bill, true)) as unknown as { total_data: string[] }
    expect(parsed.total_data[0]).toBe('1')
    const flow = await (client.downloadFundflow as Call).call(client, bill)
    expect(flow).toContain('`收入')
    const v3 = axiosPlugin()
    const { data } = await v3.chain('v3/bill/tradebill').get({ params: { bill_date: day, bill_type: 'ALL' } })
    const { pathname, search } = new URL(String(data.download_url))
    const file = await v3
      .chain(`${pathname.slice(1).replace('api.mch.weixin.qq.com/', '')}${search}`)
      .get({ responseType: 'arraybuffer', transformResponse: [] })
    expect(
      createHash('sha1')
        .update(file.data as unknown as Buffer)
        .digest('hex')
    ).toBe(data.hash_value)
  })
})

function axiosPlugin() {
  const { payV2, payV3 } = simulator.credentials
  const ca = simulator.certificateAuthority
  return new Wechatpay({
    mchid: payV3.mchId,
    serial: payV3.certSerial,
    privateKey: payV3.privateKey,
    certs: Object.fromEntries(
      Object.entries(payV3.platformKeys).map(([id, pem]) => [
        id,
        String(createPublicKey(pem).export({ type: 'spki', format: 'pem' }))
      ])
    ),
    secret: payV2.apiKey,
    merchant: { ...payV2.clientCert, ca },
    baseURL: `${https.baseUrl('api.mch.weixin.qq.com')}/`,
    httpsAgent: new Agent({ ca })
  })
}

describe('wechatpay-axios-plugin (v2 and v3, public key) over HTTPS', () => {
  beforeAll(() => start('publicKey', () => tenpay()))
  afterAll(stop)

  const base = () => {
    const { mchId, appId } = simulator.credentials.payV3
    const user = simulator.user('ming')
    return { mchId, appId, user, openid: user.openid(appId), pay: axiosPlugin() }
  }

  it('orders, queries, refunds and closes with v3', async () => {
    const { mchId: mchid, appId: appid, user, openid, pay } = base()
    const order = {
      appid,
      mchid,
      description: '商品',
      out_trade_no: 'AXIOS001',
      notify_url: `${app.url}/v3`,
      amount: { total: 100, currency: 'CNY' }
    }
    const { data } = await pay.chain('v3/pay/transactions/jsapi').post({ ...order, payer: { openid } })
    const paid = await user.pay(String(data.prepay_id))
    expect(paid.delivery?.state).toBe('delivered')
    const found = await pay.chain('v3/pay/transactions/id/{transaction_id}').get({
      params: { mchid },
      transaction_id: paid.transactionId
    })
    expect(found.data).toMatchObject({ trade_state: 'SUCCESS', out_trade_no: 'AXIOS001' })
    const refund = {
      out_trade_no: 'AXIOS001',
      out_refund_no: 'AXIOSR1',
      amount: { refund: 40, total: 100, currency: 'CNY' }
    }
    expect((await pay.chain('v3/refund/domestic/refunds').post(refund)).data.out_refund_no).toBe('AXIOSR1')
    const refunds = pay.chain('v3/refund/domestic/refunds/{out_refund_no}')
    expect((await refunds.get({ out_refund_no: 'AXIOSR1' })).data.refund_id).toMatch(/^5030/)
    await pay.chain('v3/pay/transactions/native').post({ ...order, out_trade_no: 'AXIOS002' })
    const closed = await pay
      .chain('v3/pay/transactions/out-trade-no/{out_trade_no}/close')
      .post({ mchid }, { out_trade_no: 'AXIOS002' })
    expect(closed.status).toBe(204)
    const again = pay.chain('v3/pay/transactions/native').post({ ...order, out_trade_no: 'AXIOS002' })
    await expect(again).rejects.toMatchObject({ response: { status: 400, data: { code: 'ORDER_CLOSED' } } })
  })

  it('transfers with an encrypted name', async () => {
    const { appId: appid, user, openid, pay } = base()
    const { publicKey, publicKeyId } = simulator.pay.platform
    const { data } = await pay.chain('v3/fund-app/mch-transfer/transfer-bills').post(
      {
        appid,
        openid,
        out_bill_no: 'AXIOSB1',
        transfer_scene_id: '1000',
        transfer_amount: 200_000,
        transfer_remark: '奖励',
        user_name: Rsa.encrypt('张三', publicKey),
        transfer_scene_report_infos: [
          { info_type: '活动名称', info_content: 'x' },
          { info_type: '奖励说明', info_content: 'y' }
        ]
      },
      { headers: { 'Wechatpay-Serial': publicKeyId } }
    )
    expect(await user.confirmTransfer(String(data.package_info))).toMatchObject({ state: 'SUCCESS' })
    const query = await pay
      .chain('v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}')
      .get({ out_bill_no: 'AXIOSB1' })
    const key = createPrivateKey(simulator.credentials.payV3.privateKey)
    expect(Rsa.decrypt(String(query.data.user_name), key)).toBe('张三')
  })

  it('notices wrong and probing signatures', async () => {
    const { mchId: mchid, pay } = base()
    const query = () =>
      pay.chain('v3/pay/transactions/out-trade-no/{out_trade_no}').get({ params: { mchid }, out_trade_no: 'AXIOS001' })
    simulator.fail('/v3/', 'bad-signature')
    await expect(query()).rejects.toMatchObject({ code: 'EV3_RES_HEADER_SIGNATURE_DIGEST' })
    simulator.pay.probeResponses()
    await expect(query()).rejects.toMatchObject({ code: 'EV3_RES_HEADER_SIGNATURE_DIGEST' })
    expect((await query()).status).toBe(200)
  })

  it('orders and pays out with v2 and its p12', async () => {
    const { mchId: mch_id, appId: appid, user, openid, pay } = base()
    const order = {
      appid,
      mch_id,
      body: 'x',
      out_trade_no: 'AXIOSV21',
      total_fee: '100',
      spbill_create_ip: '127.0.0.1',
      notify_url: `${app.url}/v2/pay`,
      trade_type: 'JSAPI',
      openid
    }
    const { data } = await pay.chain('v2/pay/unifiedorder').post({ ...order, sign_type: 'HMAC-SHA256' })
    await user.pay(String(data.prepay_id))
    const refund = {
      appid,
      mch_id,
      out_trade_no: 'AXIOSV21',
      out_refund_no: 'AXIOSV2R',
      total_fee: '100',
      refund_fee: '1'
    }
    expect((await pay.chain('v2/secapi/pay/refund').post(refund, { security: true })).data.result_code).toBe('SUCCESS')
    const transfer = {
      mch_appid: appid,
      mchid: mch_id,
      partner_trade_no: 'AXIOSP1',
      openid,
      check_name: 'NO_CHECK',
      amount: '100',
      desc: 'x'
    }
    const sent = await pay.chain('v2/mmpaymkttransfers/promotion/transfers').post(transfer, { security: true })
    expect(sent.data.payment_no).toMatch(/^1010/)
    await expect(
      pay.chain('v2/mmpaymkttransfers/promotion/transfers').post({ ...transfer, partner_trade_no: 'AXIOSP2' })
    ).rejects.toMatchObject({
      response: { data: { err_code: 'CA_ERROR' } }
    })
  })
})

describe('wechatpay-node-v3 (v3, platform certificates) over HTTP', () => {
  let pay: Client

  beforeAll(async () => {
    await start('certificate', () => tenpay())
    const { appId, mchId, apiV3Key, privateKey } = simulator.credentials.payV3
    const { cert } = simulator.credentials.merchantFiles()
    pay = new PayV3Client({
      appid: appId,
      mchid: mchId,
      publicKey: Buffer.from(cert),
      privateKey: Buffer.from(privateKey),
      key: apiV3Key,
      userAgent: 'foreign'
    })
    // Its own HTTP code, with the simulator in place of the host; it signs the original path.
    class Rebased extends PayRequest {}
    const service = new Rebased()
    const { get, post } = service
    service.get = (url, ...args) => get.call(service, rebase(http, url), ...args)
    service.post = (url, ...args) => post.call(service, rebase(http, url), ...args)
    pay.createHttp(service)
  })
  afterAll(stop)

  const call = (name: string, ...args: unknown[]) =>
    (pay[name] as (...args: unknown[]) => Promise<Answer>).call(pay, ...args)

  it('orders, and what it gives the page is accepted', async () => {
    const user = simulator.user('ming')
    const openid = user.openid(simulator.credentials.payV3.appId)
    const { data } = await call('transactions_jsapi', {
      description: '商品',
      out_trade_no: 'NODEV301',
      notify_url: `${app.url}/v3`,
      amount: { total: 100 },
      payer: { openid }
    })
    const paid = await user.pay(data)
    expect(paid.delivery?.state).toBe('delivered')
    expect((await call('query', { out_trade_no: 'NODEV301' })).data).toMatchObject({ trade_state: 'SUCCESS' })
    expect((await call('close', 'NODEV301')).status).toBe(400)
  })

  it('downloads the certificate, and verifies and decrypts the notification', async () => {
    const { headers = {}, body = '' } = app.notified.at(-1) ?? {}
    const { apiV3Key } = simulator.credentials.payV3
    const verify = (text: string) =>
      pay.verifySign({
        timestamp: headers['wechatpay-timestamp'],
        nonce: headers['wechatpay-nonce'],
        serial: headers['wechatpay-serial'],
        signature: headers['wechatpay-signature'],
        body: text,
        apiSecret: apiV3Key
      })
    expect(await verify(body)).toBe(true)
    expect(await verify(`${body} `)).toBe(false)
    const { ciphertext, associated_data: aad, nonce } = JSON.parse(body).resource
    expect(pay.decipher_gcm(ciphertext, aad, nonce, apiV3Key)).toMatchObject({ out_trade_no: 'NODEV301' })
  })

  it('refunds and pays out a batch with an encrypted name', async () => {
    const refund = {
      out_trade_no: 'NODEV301',
      out_refund_no: 'NODEV3R1',
      amount: { refund: 1, total: 100, currency: 'CNY' }
    }
    expect((await call('refunds', refund)).data).toMatchObject({ out_refund_no: 'NODEV3R1' })
    expect((await call('find_refunds', 'NODEV3R1')).status).toBe(200)
    const { certificate, serialNumber } = simulator.pay.platform
    const answer = await call('batches_transfer', {
      out_batch_no: 'NODEV3B1',
      batch_name: 'x',
      batch_remark: 'x',
      total_amount: 100,
      total_num: 1,
      wx_serial_no: serialNumber,
      transfer_detail_list: [
        {
          out_detail_no: 'NODEV3D1',
          transfer_amount: 100,
          transfer_remark: 'x',
          openid: simulator.user('ming').openid(simulator.credentials.payV3.appId),
          user_name: pay.publicEncrypt('张三', certificate)
        }
      ]
    })
    expect(answer.data.batch_id).toMatch(/^1030/)
    const detail = { out_batch_no: 'NODEV3B1', out_detail_no: 'NODEV3D1' }
    const found = await call('query_batches_transfer_detail', detail)
    expect(pay.privateDecrypt(String(found.data.user_name))).toBe('张三')
  })
})
