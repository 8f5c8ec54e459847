import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FetchHandler, undiciFetch } from 'weixin-kit'
import {
  type MicropayParams as V2MicropayParams,
  type PaymentNotification as V2PaymentNotification,
  type RefundNotification as V2RefundNotification,
  WeChatPayV2,
  type WeChatPayV2Options,
  yuanToFen
} from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator, SimulatorClock, type SimulatorServer } from 'weixin-kit/simulator'

const START = Date.UTC(2026, 2, 10, 4)
const DAY_MS = 24 * 3_600_000
const NOTIFY_URL = 'https://shop.example.com/pay/notify'
const REFUND_NOTIFY_URL = 'https://shop.example.com/pay/refund-notify'
const IP = '203.0.113.7'

/** The client against the simulator, over real TLS with the client certificate. */
class Shop {
  readonly simulator: Simulator
  readonly paid: V2PaymentNotification[] = []
  readonly refunded: V2RefundNotification[] = []
  pay!: WeChatPayV2
  server!: SimulatorServer
  #handlers: Record<string, FetchHandler> = {}
  #number = 0

  constructor() {
    this.simulator = createSimulator({
      clock: new SimulatorClock({ startAt: START }),
      deliver: async (request) =>
        this.#handlers[new URL(request.url).pathname]?.(request) ?? new Response(null, { status: 404 })
    })
  }

  async open(options: Partial<WeChatPayV2Options> = {}): Promise<this> {
    this.server = await this.simulator.listen({ tls: true })
    this.use(this.client(options))
    return this
  }

  use(pay: WeChatPayV2): void {
    this.pay = pay
    this.#handlers = {
      '/pay/notify': pay.notifyHandler({ onPaid: (one) => void this.paid.push(one) }),
      '/pay/refund-notify': pay.refundNotifyHandler({ onRefund: (one) => void this.refunded.push(one) })
    }
  }

  client(options: Partial<WeChatPayV2Options> = {}): WeChatPayV2 {
    return new WeChatPayV2({
      ...this.simulator.credentials.payV2,
      baseUrl: this.server.baseUrl('api.mch.weixin.qq.com'),
      ca: this.simulator.certificateAuthority,
      clock: this.simulator.clock.now,
      notifyUrl: NOTIFY_URL,
      refundNotifyUrl: REFUND_NOTIFY_URL,
      maxRetries: 0,
      ...options
    })
  }

  number(letter = 'T'): string {
    return `${letter}20260310${String(++this.#number).padStart(6, '0')}`
  }

  get user() {
    return this.simulator.user('ming')
  }

  get openid(): string {
    return this.user.openid()
  }

  async paidOrder(total_fee = 1980): Promise<{ out_trade_no: string; transaction_id: string }> {
    const out_trade_no = this.number()
    const { prepay_id } = await this.pay.orders.unified({
      trade_type: 'JSAPI',
      body: '茶 Tea & <cake>',
      attach: 'shop=1&x=<y>',
      out_trade_no,
      total_fee,
      spbill_create_ip: IP,
      openid: this.openid
    })
    const { transactionId } = await this.user.pay(this.pay.jsapiParams(prepay_id))
    return { out_trade_no, transaction_id: transactionId ?? '' }
  }

  micropay(total_fee: number, auth_code: string): V2MicropayParams {
    return { body: 'Tea', out_trade_no: this.number('M'), total_fee, spbill_create_ip: IP, auth_code }
  }
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
  } catch (error) {
    const { code, upstreamCode } = error as { code: string; upstreamCode?: string }
    return upstreamCode ? `${code} ${upstreamCode}` : code
  }
  return 'succeeded'
}

describe.each([
  ['HMAC-SHA256 over fetch', (): Partial<WeChatPayV2Options> => ({})],
  ['MD5 over undiciFetch', (): Partial<WeChatPayV2Options> => ({ signType: 'MD5', fetch: undiciFetch() })]
])('WeChat Pay v2, %s', (_name, options) => {
  let shop: Shop
  let pay: WeChatPayV2
  let simulator: Simulator

  beforeAll(async () => {
    shop = await new Shop().open(options())
    pay = shop.pay
    simulator = shop.simulator
  })
  afterAll(() => simulator.close())
  beforeEach(() => {
    shop.paid.length = 0
    shop.refunded.length = 0
  })

  it('reports the certificate', () => {
    expect(pay.certificate?.merchantId).toBe(pay.mchId)
  })

  describe('orders', () => {
    it('are placed, paid, notified and queried by either number', async () => {
      const { out_trade_no, transaction_id } = await shop.paidOrder()
      expect(shop.paid).toMatchObject([
        { out_trade_no, transaction_id, total_fee: 1980, attach: 'shop=1&x=<y>', openid: shop.openid }
      ])
      const order = await pay.orders.query({ out_trade_no })
      expect(order).toMatchObject({ trade_state: 'SUCCESS', transaction_id, total_fee: 1980, openid: shop.openid })
      expect(await pay.orders.query({ transaction_id })).toEqual(order)
    })

    it('show coupons as a list', async () => {
      const out_trade_no = shop.number()
      const order = await pay.orders.unified({
        trade_type: 'NATIVE',
        product_id: '1',
        body: 'Tea',
        out_trade_no,
        total_fee: 100,
        spbill_create_ip: IP
      })
      await shop.user.pay(order.code_url, { coupon: 30 })
      expect(shop.paid[0]).toMatchObject({ total_fee: 100, cash_fee: 70, coupon_fee: 30 })
      expect(shop.paid[0]?.coupons).toMatchObject([{ coupon_fee: 30 }])
      expect((await pay.orders.query({ out_trade_no })).coupons).toEqual(shop.paid[0]?.coupons)
    })

    it('go to apps and browsers', async () => {
      const common = { body: 'Tea', total_fee: 5, spbill_create_ip: IP }
      const app = await pay.orders.unified({ ...common, trade_type: 'APP', out_trade_no: shop.number() })
      expect((await shop.user.pay(pay.appParams(app.prepay_id))).state).toBe('SUCCESS')
      const scene_info = { h5_info: { type: 'Wap', wap_url: 'https://shop.example.com', wap_name: 'Shop' } } as const
      const h5 = await pay.orders.unified({ ...common, trade_type: 'MWEB', out_trade_no: shop.number(), scene_info })
      expect(pay.h5Url(h5.mweb_url, 'https://shop.example.com/done').search).toContain('redirect_url=https%3A%2F%2F')
      expect((await shop.user.pay(h5.mweb_url)).state).toBe('SUCCESS')
      expect(shop.paid).toHaveLength(2)
    })

    it('answer the same order to the same call, and refuse another with its number', async () => {
      const order = {
        trade_type: 'JSAPI',
        body: 'Tea',
        out_trade_no: shop.number(),
        total_fee: 10,
        spbill_create_ip: IP,
        openid: shop.openid
      } as const
      const first = await pay.orders.unified(order)
      expect((await pay.orders.unified(order)).trade_type).toBe(first.trade_type)
      expect(await codeOf(() => pay.orders.unified({ ...order, total_fee: 11 }))).toMatch(/^ERR_WECHAT_PAY /)
    })

    it('are closed, also twice', async () => {
      const { out_trade_no } = await unpaid()
      await simulator.clock.advance(5 * 60_000)
      expect(await pay.orders.close({ out_trade_no })).toMatchObject({ alreadyClosed: false })
      expect((await pay.orders.close({ out_trade_no })).mch_id).toBe(pay.mchId)
      expect((await pay.orders.query({ out_trade_no })).trade_state).toBe('CLOSED')
      expect(await codeOf(() => pay.orders.query({ out_trade_no: 'unknown1' }))).toBe('ERR_WECHAT_PAY ORDERNOTEXIST')
    })

    async function unpaid() {
      const out_trade_no = shop.number()
      await pay.orders.unified({ trade_type: 'APP', body: 'Tea', out_trade_no, total_fee: 1, spbill_create_ip: IP })
      return { out_trade_no }
    }

    it('are charged by code, waited for and reversed', async () => {
      const paid = await pay.orders.micropay(shop.micropay(500, shop.user.paymentCode()))
      expect(paid).toMatchObject({ total_fee: 500, trade_type: 'MICROPAY', openid: shop.openid })
      const code = shop.user.paymentCode()
      expect((await pay.orders.authCodeToOpenid({ auth_code: code })).openid).toBe(shop.openid)

      const waiting = shop.micropay(500, shop.user.paymentCode({ asksPassword: true }))
      expect(await codeOf(() => pay.orders.micropay(waiting))).toBe('ERR_UNKNOWN_RESULT')
      expect((await pay.orders.query({ out_trade_no: waiting.out_trade_no })).trade_state).toBe('USERPAYING')
      shop.user.enterPassword()
      expect((await pay.orders.query({ out_trade_no: waiting.out_trade_no })).trade_state).toBe('SUCCESS')
      await simulator.clock.advance(20_000)
      expect(await pay.orders.reverse({ out_trade_no: waiting.out_trade_no })).toMatchObject({ recall: 'N' })
      expect(await codeOf(() => pay.orders.micropay(shop.micropay(500, '134650000000000000')))).toMatch(
        /^ERR_WECHAT_PAY AUTH/
      )
    })

    it('answer through request() as well', async () => {
      const long_url = 'weixin://wxpay/bizpayurl?pr=1&x=2'
      expect((await pay.request({ path: '/tools/shorturl', params: { long_url } })).short_url).toMatch(/^weixin:/)
      const certificates = await pay.request({ path: '/risk/getcertficates' })
      expect(JSON.parse(String(certificates.certificates)).data).toHaveLength(1)
      const report = {
        interface_url: 'https://x',
        execute_time: 1,
        return_code: 'SUCCESS',
        result_code: 'SUCCESS',
        user_ip: IP
      }
      expect((await pay.request({ path: '/payitil/report', params: report })).return_code).toBe('SUCCESS')
    })
  })

  describe('refunds', () => {
    it('are made, notified and queried', async () => {
      const { out_trade_no, transaction_id } = await shop.paidOrder(1980)
      const out_refund_no = shop.number('R')
      const params = { out_trade_no, out_refund_no, total_fee: 1980, refund_fee: 500, refund_desc: '退货' }
      const refund = await pay.refunds.create(params)
      expect(refund).toMatchObject({ transaction_id, refund_fee: 500, total_fee: 1980 })
      // The same number and parameters never refund twice.
      expect((await pay.refunds.create(params)).refund_id).toBe(refund.refund_id)
      expect((await pay.refunds.query({ out_refund_no })).refunds[0]?.refund_status).toBe('PROCESSING')
      await simulator.clock.advance(1_000)
      expect(shop.refunded).toMatchObject([{ out_refund_no, refund_status: 'SUCCESS', refund_fee: 500 }])
      const second = shop.number('R')
      await pay.refunds.create({ transaction_id, out_refund_no: second, total_fee: 1980, refund_fee: 1480 })
      await simulator.clock.advance(1_000)
      const all = await pay.refunds.query({ transaction_id })
      expect(all.refunds.map((one) => [one.out_refund_no, one.refund_fee, one.refund_status])).toEqual([
        [out_refund_no, 500, 'SUCCESS'],
        [second, 1480, 'SUCCESS']
      ])
      expect(await pay.refunds.query({ refund_id: refund.refund_id })).toMatchObject({ out_trade_no })
      expect((await pay.orders.query({ out_trade_no })).trade_state).toBe('REFUND')
      const tooMuch = { out_trade_no, out_refund_no: shop.number('R'), total_fee: 1980, refund_fee: 1 }
      expect(await codeOf(() => pay.refunds.create(tooMuch))).toMatch(/^ERR_WECHAT_PAY /)
      expect(await codeOf(() => pay.refunds.query({ out_refund_no: 'none' }))).toBe('ERR_WECHAT_PAY REFUNDNOTEXIST')
    })

    it('report each state of a troubled refund', async () => {
      const { out_trade_no } = await shop.paidOrder(10)
      simulator.pay.nextRefunds('ABNORMAL')
      const out_refund_no = shop.number('R')
      await pay.refunds.create({ out_trade_no, out_refund_no, total_fee: 10, refund_fee: 10 })
      await simulator.clock.advance(1_000)
      expect(shop.refunded).toMatchObject([{ out_refund_no, refund_status: 'CHANGE' }])
    })

    it('take single items', async () => {
      const { out_trade_no } = await shop.paidOrder(100)
      const detail = { goods_detail: [{ goods_id: 'tea', refund_amount: 50, refund_quantity: 1, price: 50 }] }
      const params = { out_trade_no, out_refund_no: shop.number('R'), total_fee: 100, refund_fee: 50, detail }
      expect(await pay.refunds.create(params)).toMatchObject({ refund_fee: 50 })
      const { out_refund_no } = params
      const { refunds } = await pay.refunds.queryWithGoods({ out_refund_no })
      expect(refunds).toMatchObject([{ out_refund_no, refund_fee: 50 }])
    })
  })

  describe('payouts', () => {
    it('transfer to a balance', async () => {
      const partner_trade_no = shop.number('P')
      const params = {
        partner_trade_no,
        openid: shop.openid,
        check_name: 'NO_CHECK',
        amount: 500,
        desc: '退押金'
      } as const
      const transfer = await pay.transfers.create(params)
      expect(transfer).toMatchObject({ partner_trade_no, payment_time: expect.stringMatching(/^2026-03-/) })
      expect((await pay.transfers.create(params)).payment_no).toBe(transfer.payment_no)
      expect(await pay.transfers.query({ partner_trade_no })).toMatchObject({ status: 'SUCCESS', payment_amount: 500 })
      expect(await codeOf(() => pay.transfers.create({ ...params, amount: 501 }))).toMatch(/^ERR_WECHAT_PAY /)
      expect(await codeOf(() => pay.transfers.query({ partner_trade_no: 'none' }))).toBe('ERR_WECHAT_PAY NOT_FOUND')
    })

    it('send red packets of every kind', async () => {
      const pack = () => ({
        mch_billno: shop.number('H'),
        send_name: '茶馆',
        re_openid: shop.openid,
        total_amount: 300,
        wishing: '恭喜发财',
        act_name: '新年',
        remark: '谢谢'
      })
      const normal = pack()
      const sent = await pay.redPacks.send({ ...normal, client_ip: IP })
      expect(sent).toMatchObject({ mch_billno: normal.mch_billno, total_amount: 300 })
      shop.user.openRedPack(normal.mch_billno)
      const { mch_billno } = normal
      expect(await pay.redPacks.query({ mch_billno })).toMatchObject({
        status: 'RECEIVED',
        receivers: [{ openid: shop.openid, amount: 300 }]
      })
      const group = pack()
      expect(await pay.redPacks.sendGroup({ ...group, total_num: 3 })).toMatchObject({ total_amount: 300 })
      const mini = shop.client({ ...options(), appId: simulator.credentials.miniProgram.appId })
      const re_openid = shop.user.openid(simulator.credentials.miniProgram.appId)
      const bizPack = await mini.redPacks.sendMiniProgram({ ...pack(), re_openid })
      const opened = mini.redPackParams(bizPack.package)
      expect(shop.user.openRedPack(opened.package)).toEqual({ amount: 300 })
    })

    it('pay to a bank account', async () => {
      const partner_trade_no = shop.number('B')
      const params = { partner_trade_no, bankNo: '6225880137000000', trueName: '张三', bank_code: '1001', amount: 5000 }
      const transfer = await pay.bankTransfers.create(params)
      expect(transfer).toMatchObject({ partner_trade_no, amount: 5000, cmms_amt: 100 })
      // Encrypted anew, and yet the same payment.
      expect((await pay.bankTransfers.create(params)).payment_no).toBe(transfer.payment_no)
      await simulator.clock.advance(1_000)
      expect(await pay.bankTransfers.query({ partner_trade_no })).toMatchObject({ status: 'SUCCESS', amount: 5000 })
      expect(await pay.bankTransfers.publicKey()).toContain('BEGIN RSA PUBLIC KEY')
    })

    it('fail for certain without money', async () => {
      simulator.pay.setBalance(pay.mchId, 0)
      const params = {
        partner_trade_no: shop.number('P'),
        openid: shop.openid,
        check_name: 'NO_CHECK',
        amount: 500,
        desc: 'x'
      } as const
      expect(await codeOf(() => pay.transfers.create(params))).toBe('ERR_WECHAT_PAY NOTENOUGH')
      simulator.pay.setBalance(pay.mchId, 10_000_000)
      // The same number afterwards, as the document asks.
      await pay.transfers.create(params)
    })
  })

  describe('what goes wrong on the way', () => {
    const faults = ['timeout', 'reset', 'html', 'truncated'] as const
    it.each(faults)('a refund whose response is lost (%s) is queried, and repeated under its number', async (kind) => {
      const { out_trade_no } = await shop.paidOrder(100)
      const params = { out_trade_no, out_refund_no: shop.number('R'), total_fee: 100, refund_fee: 100 }
      simulator.fail('/secapi/pay/refund', kind)
      const { out_refund_no } = params
      expect(await codeOf(() => pay.refunds.create(params, { timeoutMs: 200 }))).toBe('ERR_UNKNOWN_RESULT')
      expect((await pay.refunds.query({ out_refund_no })).refunds[0]).toMatchObject({ refund_fee: 100 })
      expect(await pay.refunds.create(params)).toMatchObject({ out_refund_no })
      expect(simulator.pay.refunds.filter((one) => one.outRefundNo === out_refund_no)).toHaveLength(1)
    })

    it('a forged response is not believed', async () => {
      simulator.fail('/pay/orderquery', 'bad-signature')
      const { out_trade_no } = await shop.paidOrder(1)
      expect(await codeOf(() => pay.orders.query({ out_trade_no }))).toBe('ERR_SIGNATURE_MISMATCH')
      simulator.fail('/secapi/pay/refund', 'bad-signature')
      const refund = { out_trade_no, out_refund_no: shop.number('R'), total_fee: 1, refund_fee: 1 }
      expect(await codeOf(() => pay.refunds.create(refund))).toBe('ERR_UNKNOWN_RESULT')
    })

    it('SYSTEMERROR is repeated with the same bytes, and one refund comes of it', async () => {
      const { out_trade_no } = await shop.paidOrder(1)
      const patient = shop.client({ ...options(), maxRetries: 2 })
      simulator.fail('/secapi/pay/refund', { errcode: 'SYSTEMERROR' })
      const refund = { out_trade_no, out_refund_no: shop.number('R'), total_fee: 1, refund_fee: 1 }
      expect(await patient.refunds.create(refund)).toMatchObject({ refund_fee: 1 })
    })

    it('a forged notification is refused, the genuine one follows', async () => {
      simulator.pay.forgeNotifications(1)
      const { out_trade_no } = await shop.paidOrder(7)
      expect(shop.paid).toHaveLength(0)
      await simulator.clock.advance(15_000)
      expect(shop.paid).toMatchObject([{ out_trade_no, total_fee: 7 }])
    })

    it('a notification that comes twice is booked once', async () => {
      simulator.deliveries.duplicate('pay', 1)
      await shop.paidOrder(8)
      await simulator.clock.advance(60_000)
      expect(shop.paid).toHaveLength(1)
    })

    it('another key is told from a wrong signature', async () => {
      const stranger = shop.client({ ...options(), apiKey: '0'.repeat(32) })
      const error = await stranger.orders.query({ out_trade_no: 'T20260310000001' }).catch((caught) => caught)
      expect(error).toMatchObject({ code: 'ERR_WECHAT_PAY', upstreamCode: 'SIGNERROR', kind: 'config' })
    })
  })
})

describe('bills', () => {
  it('are read row by row, and agree with the orders', async () => {
    const shop = await new Shop().open()
    const { pay, simulator } = shop
    const { out_trade_no } = await shop.paidOrder(1980)
    const second = await shop.paidOrder(20)
    await pay.refunds.create({ out_trade_no, out_refund_no: shop.number('R'), total_fee: 1980, refund_fee: 500 })
    await simulator.clock.advance(1_000)
    expect(await codeOf(() => pay.bills.trade({ bill_date: new Date(START) }))).toMatch(/^ERR_WECHAT_PAY /)
    await simulator.clock.advance(DAY_MS)
    for (const tar of [{}, { tar_type: 'GZIP' } as const]) {
      const { rows, summary } = await (await pay.bills.trade({ bill_date: new Date(START), ...tar })).readAll()
      expect(rows).toHaveLength(3)
      const payments = rows.filter((row) => row.交易状态 === 'SUCCESS')
      expect(payments.map((row) => [row.商户订单号, yuanToFen(row.订单金额 ?? '')])).toEqual([
        [out_trade_no, 1980],
        [second.out_trade_no, 20]
      ])
      expect(Number(summary.总交易单数)).toBe(3)
      const flow = await pay.bills.fundFlow({ bill_date: '20260310', account_type: 'Basic', ...tar })
      expect((await flow.readAll()).rows.length).toBeGreaterThanOrEqual(3)
    }
    expect(await codeOf(() => pay.bills.trade({ bill_date: '20260309' }))).toBe('ERR_WECHAT_PAY 20002')
    expect(await codeOf(() => pay.bills.fundFlow({ bill_date: '20260309', account_type: 'Basic' }))).toBe(
      'ERR_WECHAT_PAY NO_BILL_EXIST'
    )
    await simulator.close()
  })
})

describe('the sandbox', () => {
  it('signs with its own key, in both directions', async () => {
    const shop = await new Shop().open({ sandbox: true, signType: 'MD5' })
    const out_trade_no = shop.number()
    const order = { body: 'Tea', out_trade_no, total_fee: 101, spbill_create_ip: IP } as const
    const { prepay_id } = await shop.pay.orders.unified({ ...order, trade_type: 'APP' })
    // No client opens a payment of the sandbox: it is paid by the script.
    await shop.user.pay(prepay_id)
    expect(shop.paid).toMatchObject([{ out_trade_no, total_fee: 101 }])
    expect(await shop.pay.orders.query({ out_trade_no })).toMatchObject({ trade_state: 'SUCCESS' })
    await shop.simulator.close()
  })
})

describe('the client certificate', () => {
  it.each(['legacyPfx', 'pfx', 'pem'] as const)('as the merchant platform hands it out: %s', async (form) => {
    const shop = new Shop()
    const files = shop.simulator.credentials.merchantFiles()
    const { cert, key } = files
    await shop.open({ clientCert: form === 'pem' ? { cert, key } : { pfx: files[form] } })
    expect(shop.pay.certificate?.serial).toBe(files.certSerial)
    expect(await codeOf(() => shop.pay.transfers.query({ partner_trade_no: 'none' }))).toBe('ERR_WECHAT_PAY NOT_FOUND')
    await shop.simulator.close()
  })
})
