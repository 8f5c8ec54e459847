import { createHash, generateKeyPairSync } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FetchHandler } from 'weixin-kit'
import { type Notification, WeChatPay, type WeChatPayOptions } from 'weixin-kit/pay'
import { createSimulator, type Simulator, SimulatorClock, type SimulatorServer } from 'weixin-kit/simulator'

const START = Date.UTC(2026, 2, 10, 4)
const DAY_MS = 24 * 3_600_000
const NOTIFY_URL = 'https://shop.example.com/pay/notify'

/** The client against the simulator, over real TLS. */
class Shop {
  readonly simulator: Simulator
  readonly seen: Notification[] = []
  pay!: WeChatPay
  server!: SimulatorServer
  handler: FetchHandler = async () => new Response(null, { status: 503 })
  #number = 0

  constructor(platformKey: 'publicKey' | 'certificate' | 'both' = 'publicKey') {
    this.simulator = createSimulator({
      clock: new SimulatorClock({ startAt: START }),
      accounts: { merchants: [{ platformKey }] },
      paySettings: { refuseUnknownFields: true },
      deliver: (request) => this.handler(request)
    })
  }

  async open(options: Partial<WeChatPayOptions> = {}): Promise<this> {
    this.server = await this.simulator.listen({ tls: true })
    this.pay = this.client(options)
    const note = (_: unknown, notification: Notification) => void this.seen.push(notification)
    this.handler = this.pay.notifyHandler({
      onPaid: note,
      onCombinedPaid: note,
      onPartnerPaid: note,
      onRefund: note,
      onTransfer: note,
      on: { '*': note }
    })
    return this
  }

  client(options: Partial<WeChatPayOptions> = {}): WeChatPay {
    return new WeChatPay({
      ...this.simulator.credentials.payV3,
      baseUrl: this.server.baseUrl('api.mch.weixin.qq.com'),
      ca: this.simulator.certificateAuthority,
      clock: this.simulator.clock.now,
      notifyUrl: NOTIFY_URL,
      maxRetries: 0,
      ...options
    })
  }

  number(letter = 'T'): string {
    return `${letter}20260310${String(++this.#number).padStart(6, '0')}`
  }

  get openid(): string {
    return this.simulator.user('ming').openid()
  }

  async placeOrder(total = 1980, extra: object = {}): Promise<{ out_trade_no: string; prepay_id: string }> {
    const out_trade_no = this.number()
    const { prepay_id } = await this.pay.transactions.jsapi({
      description: '茶 Tea',
      out_trade_no,
      amount: { total },
      payer: { openid: this.openid },
      ...extra
    })
    return { out_trade_no, prepay_id }
  }

  async paidOrder(total = 1980, extra: object = {}): Promise<{ out_trade_no: string; transaction_id: string }> {
    const { out_trade_no, prepay_id } = await this.placeOrder(total, extra)
    const paid = await this.simulator.user('ming').pay(this.pay.jsapiParams(prepay_id))
    return { out_trade_no, transaction_id: paid.transactionId ?? '' }
  }
}

describe('public-key mode', () => {
  let shop: Shop
  let pay: WeChatPay
  let simulator: Simulator

  beforeAll(async () => {
    shop = await new Shop().open()
    pay = shop.pay
    simulator = shop.simulator
  })
  afterAll(() => simulator.close())
  afterEach(() => {
    shop.seen.length = 0
  })

  describe('orders', () => {
    it('are placed, paid, notified and queried by either number', async () => {
      const { out_trade_no, transaction_id } = await shop.paidOrder()
      expect(shop.seen).toMatchObject([
        { event_type: 'TRANSACTION.SUCCESS', resource: { out_trade_no, transaction_id, amount: { total: 1980 } } }
      ])
      const byNumber = await pay.transactions.query({ out_trade_no })
      expect(byNumber).toMatchObject({ trade_state: 'SUCCESS', transaction_id, payer: { openid: shop.openid } })
      expect(await pay.transactions.query({ transaction_id })).toEqual(byNumber)
    })

    it('go to apps, browsers and codes', async () => {
      const common = { description: 'Tea', amount: { total: 5 } }
      const app = await pay.transactions.app({ ...common, out_trade_no: shop.number() })
      expect(pay.appParams(app.prepay_id).prepayid).toBe(app.prepay_id)
      const h5 = await pay.transactions.h5({
        ...common,
        out_trade_no: shop.number(),
        scene_info: { payer_client_ip: '1.2.3.4', h5_info: { type: 'Wap' } }
      })
      expect(pay.h5Url(h5.h5_url, 'https://shop.example.com/done').href).toContain(
        'redirect_url=https%3A%2F%2Fshop.example.com%2Fdone'
      )
      const number = shop.number()
      const { code_url } = await pay.transactions.native({ ...common, out_trade_no: number })
      await simulator.user('ming').pay(code_url)
      expect((await pay.transactions.query({ out_trade_no: number })).trade_state).toBe('SUCCESS')
    })

    it('take every parameter of the document, a Date too', async () => {
      const { out_trade_no } = await shop.placeOrder(300, {
        time_expire: new Date(START + DAY_MS),
        attach: '店=12&x="1"',
        goods_tag: 'WXG',
        support_fapiao: true,
        detail: { cost_price: 300, goods_detail: [{ merchant_goods_id: '1246464644', quantity: 1, unit_price: 300 }] },
        scene_info: { payer_client_ip: '14.23.150.211', store_info: { id: '0001' } },
        settle_info: { profit_sharing: false }
      })
      expect((await pay.transactions.query({ out_trade_no })).trade_state).toBe('NOTPAY')
    })

    it('with numbers of every allowed character are found again', async () => {
      const out_trade_no = `a_B-|*${shop.number()}`
      await pay.transactions.native({ description: 'x', amount: { total: 1 }, out_trade_no })
      expect((await pay.transactions.query({ out_trade_no })).out_trade_no).toBe(out_trade_no)
    })

    it('are closed with a signed 204, twice without error', async () => {
      const { out_trade_no } = await shop.placeOrder()
      await expect(pay.transactions.close({ out_trade_no })).resolves.toBeUndefined()
      await pay.transactions.close({ out_trade_no })
      expect((await pay.transactions.query({ out_trade_no })).trade_state).toBe('CLOSED')
    })

    it('by payment code are paid at once, or wait for the password with an unknown result', async () => {
      const order = () => ({
        description: 'Tea',
        out_trade_no: shop.number(),
        amount: { total: 10 },
        scene_info: { store_info: { id: '0001' } }
      })
      const user = simulator.user('ming')
      const paid = await pay.transactions.codepay({ ...order(), payer: { auth_code: user.paymentCode() } })
      expect(paid.trade_state).toBe('SUCCESS')
      const waiting = order()
      await expect(
        pay.transactions.codepay({ ...waiting, payer: { auth_code: user.paymentCode({ asksPassword: true }) } })
      ).rejects.toMatchObject({
        code: 'ERR_UNKNOWN_RESULT',
        query: { method: 'transactions.query', params: { out_trade_no: waiting.out_trade_no } }
      })
      const { out_trade_no } = waiting
      expect((await pay.transactions.query({ out_trade_no })).trade_state).toBe('USERPAYING')
      await pay.transactions.reverse({ out_trade_no })
      expect((await pay.transactions.query({ out_trade_no })).trade_state).toBe('REVOKED')
    })

    it('report errors with kind and hint', async () => {
      await expect(pay.transactions.query({ out_trade_no: 'T00000000' })).rejects.toMatchObject({
        code: 'ERR_WECHAT_PAY',
        status: 404,
        upstreamCode: 'ORDER_NOT_EXIST',
        kind: 'state',
        retryable: false,
        requestId: expect.any(String)
      })
    })
  })

  it('combined orders are paid together, queried and closed', async () => {
    const order = (out_trade_no: string) => ({
      mchid: pay.mchId,
      attach: 'a',
      amount: { total_amount: 10, currency: 'CNY' },
      out_trade_no,
      description: 'Tea'
    })
    const combine_out_trade_no = shop.number()
    const { prepay_id } = await pay.combinedTransactions.jsapi({
      combine_out_trade_no,
      combine_payer_info: { openid: shop.openid },
      sub_orders: [order(shop.number()), order(shop.number())]
    })
    await simulator.user('ming').pay(pay.jsapiParams(prepay_id))
    expect(shop.seen).toMatchObject([{ resource: { combine_out_trade_no, sub_orders: [{}, {}] } }])
    const found = await pay.combinedTransactions.query({ combine_out_trade_no })
    expect(found.sub_orders.map(({ trade_state }) => trade_state)).toEqual(['SUCCESS', 'SUCCESS'])

    const other = { combine_out_trade_no: shop.number(), sub_orders: [order(shop.number())] }
    await pay.combinedTransactions.native(other)
    await pay.combinedTransactions.app({
      ...other,
      combine_out_trade_no: shop.number(),
      sub_orders: [order(shop.number())]
    })
    await pay.combinedTransactions.h5({
      combine_out_trade_no: shop.number(),
      sub_orders: [order(shop.number())],
      scene_info: { payer_client_ip: '1.2.3.4', h5_info: { type: 'Wap' } }
    })
    const { combine_out_trade_no: number, sub_orders: orders } = other
    await expect(pay.combinedTransactions.close(other)).rejects.toThrow('/body/sub_orders/0/description')
    const unpaid = orders.map(({ mchid, out_trade_no }) => ({ mchid, out_trade_no }))
    await pay.combinedTransactions.close({ combine_out_trade_no: number, sub_orders: unpaid })
  })

  it('orders of a sub-merchant are placed, notified, queried, refunded and closed by the provider', async () => {
    const sub_mchid = '1900000109'
    const order = () => ({
      description: 'Tea',
      sub_mchid,
      out_trade_no: shop.number(),
      amount: { total: 900 },
      scene_info: { payer_client_ip: '1.2.3.4', store_info: { id: '1' } }
    })
    const first = order()
    const { prepay_id } = await pay.partnerTransactions.jsapi({ ...first, payer: { sp_openid: shop.openid } })
    await simulator.user('ming').pay(pay.jsapiParams(prepay_id))
    expect(shop.seen).toMatchObject([
      { resource: { sp_mchid: pay.mchId, sub_mchid, out_trade_no: first.out_trade_no } }
    ])
    const number = { out_trade_no: first.out_trade_no, sub_mchid }
    const found = await pay.partnerTransactions.query(number)
    expect(found.trade_state).toBe('SUCCESS')
    expect(await pay.partnerTransactions.query({ transaction_id: found.transaction_id ?? '', sub_mchid })).toEqual(
      found
    )
    const refund = { out_refund_no: shop.number('R'), sub_mchid }
    await pay.refunds.create({
      ...refund,
      out_trade_no: first.out_trade_no,
      notify_url: NOTIFY_URL,
      amount: { refund: 900, total: 900, currency: 'CNY' }
    })
    shop.seen.length = 0
    await simulator.clock.advance(2_000)
    expect((await pay.refunds.query(refund)).status).toBe('SUCCESS')
    expect(shop.seen).toMatchObject([{ event_type: 'REFUND.SUCCESS', resource: { sub_mchid } }])

    const { prepay_id: app } = await pay.partnerTransactions.app(order())
    expect(pay.appParams(app, { partnerId: sub_mchid }).partnerid).toBe(sub_mchid)
    const scene_info = { payer_client_ip: '1.2.3.4', h5_info: { type: 'Wap' } }
    await pay.partnerTransactions.h5({ ...order(), scene_info })
    const native = order()
    await pay.partnerTransactions.native(native)
    await pay.partnerTransactions.close({ out_trade_no: native.out_trade_no, sub_mchid })
    const code = { ...order(), scene_info: { store_info: { id: '1' } } }
    const paid = await pay.partnerTransactions.codepay({
      ...code,
      payer: { auth_code: simulator.user('ming').paymentCode() }
    })
    expect(paid).toMatchObject({ sub_mchid, trade_state: 'SUCCESS' })
    await pay.partnerTransactions.reverse({ out_trade_no: code.out_trade_no, sub_mchid })
  })

  describe('refunds', () => {
    it('are accepted, then done: by notification and by query', async () => {
      const { out_trade_no } = await shop.paidOrder(1000)
      const out_refund_no = shop.number('R')
      const params = { out_trade_no, out_refund_no, amount: { refund: 400, total: 1000, currency: 'CNY' } }
      const refund = await pay.refunds.create({ ...params, notify_url: NOTIFY_URL })
      expect(refund).toMatchObject({ status: 'PROCESSING', amount: { refund: 400 } })
      shop.seen.length = 0
      await simulator.clock.advance(2_000)
      expect(shop.seen).toMatchObject([
        { event_type: 'REFUND.SUCCESS', resource: { out_refund_no, refund_status: 'SUCCESS' } }
      ])
      expect((await pay.refunds.query({ out_refund_no })).status).toBe('SUCCESS')
      // The same number never refunds twice.
      const again = await pay.refunds.create({ ...params, notify_url: NOTIFY_URL })
      expect(again.refund_id).toBe(refund.refund_id)
    })

    it('that cannot reach the payer go elsewhere, with encrypted card data', async () => {
      const { transaction_id } = await shop.paidOrder(1000)
      const out_refund_no = shop.number('R')
      simulator.pay.nextRefunds('ABNORMAL')
      const { refund_id } = await pay.refunds.create({
        transaction_id,
        out_refund_no,
        amount: { refund: 1000, total: 1000, currency: 'CNY' }
      })
      await simulator.clock.advance(2_000)
      expect((await pay.refunds.query({ out_refund_no })).status).toBe('ABNORMAL')
      const refund = await pay.refunds.applyAbnormal({
        refund_id,
        out_refund_no,
        type: 'USER_BANK_CARD',
        bank_type: 'ICBC_DEBIT',
        bank_account: '6222020200112233445',
        real_name: '张三'
      })
      expect(refund.status).toBe('PROCESSING')
    })

    it.each([
      ['a cut connection', 'reset'],
      ['a page of a proxy', 'html'],
      ['a wrong signature', 'bad-signature'],
      ['half a response', 'truncated']
    ] as const)('after %s are in doubt, and the query settles it', async (_, kind) => {
      const { out_trade_no } = await shop.paidOrder(1000)
      const out_refund_no = shop.number('R')
      simulator.fail('/v3/refund/domestic/refunds', kind)
      const error = await pay.refunds
        .create({ out_trade_no, out_refund_no, amount: { refund: 1, total: 1000, currency: 'CNY' } })
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({
        code: 'ERR_UNKNOWN_RESULT',
        query: { method: 'refunds.query', params: { out_refund_no } }
      })
      expect((await pay.refunds.query({ out_refund_no })).amount.refund).toBe(1)
    })

    it.each([
      [500, 'SYSTEM_ERROR', 'ERR_UNKNOWN_RESULT'],
      [429, 'FREQUENCY_LIMITED', 'ERR_UNKNOWN_RESULT'],
      [403, 'NOT_ENOUGH', 'ERR_WECHAT_PAY'],
      [400, 'PARAM_ERROR', 'ERR_WECHAT_PAY']
    ])('after %i %s throw %s %s', async (status, errcode, code) => {
      const { out_trade_no } = await shop.paidOrder(1000)
      simulator.fail('/v3/refund/domestic/refunds', { status, errcode })
      await expect(
        pay.refunds.create({
          out_trade_no,
          out_refund_no: shop.number('R'),
          amount: { refund: 1, total: 1000, currency: 'CNY' }
        })
      ).rejects.toMatchObject({ code })
    })

    it('that the caller aborts are made all the same: the error says so, and the query finds them', async () => {
      const { out_trade_no } = await shop.paidOrder(1000)
      const refund = {
        out_trade_no,
        out_refund_no: shop.number('R'),
        amount: { refund: 100, total: 1000, currency: 'CNY' } as const
      }
      const controller = new AbortController()
      const { signal } = controller
      const fault = simulator.fail('/v3/refund/domestic/refunds', 'timeout')
      const call = pay.refunds.create(refund, { signal })
      const caught = call.catch((error: unknown) => error)
      await expect.poll(() => fault.hits, { interval: 5 }).toBe(1)
      const reason = new Error('the browser is gone')
      controller.abort(reason)
      const error = await caught
      expect(error).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', cause: reason })
      const { query } = error as { query: { params: { out_refund_no: string } } }
      expect((await pay.refunds.query(query.params)).amount.refund).toBe(100)
    })

    it('are repeated by the client under the same number where that is safe', async () => {
      const { out_trade_no } = await shop.paidOrder(1000)
      simulator.fail('/v3/refund/domestic/refunds', 'reset')
      const refund = await shop.client({ maxRetries: 2 }).refunds.create({
        out_trade_no,
        out_refund_no: shop.number('R'),
        amount: { refund: 1, total: 1000, currency: 'CNY' }
      })
      expect(refund.amount.refund).toBe(1)
      expect(simulator.pay.refunds.filter(({ outTradeNo }) => outTradeNo === out_trade_no)).toHaveLength(1)
    })
  })

  describe('transfers', () => {
    const transfer = (extra: object = {}) => ({
      out_bill_no: shop.number('W'),
      transfer_scene_id: '1005',
      openid: shop.openid,
      transfer_amount: 3000,
      transfer_remark: '佣金',
      notify_url: NOTIFY_URL,
      transfer_scene_report_infos: [
        { info_type: '岗位类型', info_content: '外卖员' },
        { info_type: '报酬说明', info_content: '高温补贴' }
      ],
      ...extra
    })

    it('are confirmed by the user, notified, queried and receipted', async () => {
      const params = transfer()
      const created = await pay.transfers.create(params)
      expect(created.state).toBe('WAIT_USER_CONFIRM')
      expect(pay.transfers.confirmParams(created)).toEqual({
        mchId: pay.mchId,
        appId: pay.appId,
        package: created.package_info
      })
      await simulator.user('ming').confirmTransfer(created.package_info ?? '')
      expect(shop.seen).toMatchObject([
        { event_type: 'MCHTRANSFER.BILL.FINISHED', resource: { out_bill_no: params.out_bill_no, state: 'SUCCESS' } }
      ])
      const { out_bill_no } = params
      const byNumber = await pay.transfers.query({ out_bill_no })
      expect(byNumber.state).toBe('SUCCESS')
      expect(await pay.transfers.query({ transfer_bill_no: byNumber.transfer_bill_no })).toEqual(byNumber)

      await pay.transfers.createReceipt({ out_bill_no })
      await simulator.clock.advance(2_000)
      const receipt = await pay.transfers.queryReceipt({ out_bill_no })
      const bytes = await pay.transfers.downloadReceipt(receipt)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(receipt.hash_value?.toLowerCase())
      await pay.transfers.createReceipt({ transfer_bill_no: byNumber.transfer_bill_no })
      await pay.transfers.queryReceipt({ transfer_bill_no: byNumber.transfer_bill_no })
    })

    it('encrypt the name of the receiver and read it back', async () => {
      const name = simulator.user('ming').profile.realName
      const params = transfer({ transfer_amount: 200_000, user_name: name })
      expect((await pay.transfers.create(params)).state).toBe('WAIT_USER_CONFIRM')
      expect((await pay.transfers.query({ out_bill_no: params.out_bill_no })).user_name).toBe(name)
      await expect(pay.transfers.create(transfer({ transfer_amount: 200_000 }))).rejects.toMatchObject({
        code: 'ERR_INVALID_PARAM',
        option: 'user_name'
      })
    })

    it('are cancelled', async () => {
      const params = transfer()
      await pay.transfers.create(params)
      const { out_bill_no } = params
      expect((await pay.transfers.cancel({ out_bill_no })).state).toBe('CANCELING')
      await simulator.clock.advance(2_000)
      expect((await pay.transfers.query({ out_bill_no })).state).toBe('CANCELLED')
    })

    it.each([
      [400, 'PARAM_ERROR'],
      [401, 'SIGN_ERROR'],
      [403, 'NOT_ENOUGH'],
      [404, 'NOT_FOUND'],
      [429, 'FREQUENCY_LIMITED'],
      [500, 'SYSTEM_ERROR'],
      [502, 'HTTP_502'],
      [503, 'SERVICE_UNAVAILABLE']
    ])('are in doubt after %i %s', async (status, errcode) => {
      simulator.fail('transfer-bills', errcode.startsWith('HTTP') ? { status } : { status, errcode })
      const params = transfer()
      const error = await pay.transfers.create(params).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({
        code: 'ERR_UNKNOWN_RESULT',
        query: { method: 'transfers.query', params: { out_bill_no: params.out_bill_no } },
        cause: { code: 'ERR_WECHAT_PAY', status, upstreamCode: errcode }
      })
    })

    it('are never sent a second time by the client', async () => {
      simulator.fail('transfer-bills', 'reset')
      const retrying = shop.client({ maxRetries: 3 })
      const before = simulator.log.entries.length
      await expect(retrying.transfers.create(transfer())).rejects.toMatchObject({ code: 'ERR_UNKNOWN_RESULT' })
      expect(simulator.log.entries.length - before).toBe(1)
    })
  })

  it('transfer batches run, are and are queried', async () => {
    const name = simulator.user('ming').profile.realName
    const out_batch_no = shop.number('B')
    const out_detail_no = shop.number('D')
    const created = await pay.transferBatches.create({
      out_batch_no,
      batch_name: '佣金',
      batch_remark: '三月',
      total_amount: 4000,
      total_num: 1,
      transfer_detail_list: [
        { out_detail_no, transfer_amount: 4000, transfer_remark: '佣金', openid: shop.openid, user_name: name }
      ]
    })
    await simulator.clock.advance(5_000)
    const batch = await pay.transferBatches.query({ out_batch_no, need_query_detail: true, detail_status: 'ALL' })
    expect(batch.transfer_batch.batch_status).toBe('FINISHED')
    await pay.transferBatches.query({ batch_id: created.batch_id, need_query_detail: false })
    const detail = await pay.transferBatches.queryDetail({ out_batch_no, out_detail_no })
    expect(detail).toMatchObject({ detail_status: 'SUCCESS', user_name: name })
    await pay.transferBatches.queryDetail({ batch_id: created.batch_id, detail_id: detail.detail_id })
    await pay.transferBatches.createReceipt({ out_batch_no })
    await simulator.clock.advance(60_000)
    const receipt = await pay.transferBatches.queryReceipt({ out_batch_no })
    const pdf = await pay.transferBatches.downloadReceipt(receipt)
    expect(Buffer.from(pdf).toString('latin1', 0, 4)).toBe('%PDF')
  })

  it('profit sharing: receivers, shares, returns, the rest', async () => {
    const { transaction_id } = await shop.paidOrder(10_000, { settle_info: { profit_sharing: true } })
    const user = simulator.user('ming')
    const receiver = { type: 'PERSONAL_OPENID', account: shop.openid } as const
    await pay.profitSharing.addReceiver({ ...receiver, name: user.profile.realName, relation_type: 'STAFF' })
    expect((await pay.profitSharing.remainingAmount({ transaction_id })).unsplit_amount).toBeGreaterThan(0)
    const out_order_no = shop.number('P')
    await pay.profitSharing.create({
      transaction_id,
      out_order_no,
      receivers: [{ ...receiver, name: user.profile.realName, amount: 100, description: '分给员工' }],
      unfreeze_unsplit: false
    })
    await simulator.clock.advance(5_000)
    expect(await pay.profitSharing.query({ out_order_no, transaction_id })).toMatchObject({ state: 'FINISHED' })
    await pay.profitSharing.unfreeze({ transaction_id, out_order_no: shop.number('P'), description: '解冻' })
    await pay.profitSharing.deleteReceiver(receiver)
  })

  it('coupons, media and complaints', async () => {
    const begin = new Date(START)
    const { stock_id } = await pay.coupons.createStock({
      stock_name: '满减券',
      available_begin_time: begin,
      available_end_time: new Date(START + 30 * DAY_MS),
      stock_use_rule: {
        max_coupons: 100,
        max_amount: 50_000,
        max_coupons_per_user: 3,
        natural_person_limit: false,
        prevent_api_abuse: false
      },
      coupon_use_rule: {
        fixed_normal_coupon: { coupon_amount: 500, transaction_minimum: 1000 },
        available_merchants: [pay.mchId]
      },
      no_cash: false,
      stock_type: 'NORMAL',
      out_request_no: shop.number('C')
    })
    await pay.coupons.startStock({ stock_id })
    const { coupon_id } = await pay.coupons.send({ openid: shop.openid, stock_id, out_request_no: shop.number('C') })
    expect((await pay.coupons.getCoupon({ openid: shop.openid, coupon_id })).status).toBe('SENDED')
    expect((await pay.coupons.listCoupons({ openid: shop.openid, limit: 10, offset: 0 })).total_count).toBe(1)
    expect((await pay.coupons.getStock({ stock_id })).status).toBe('running')
    expect((await pay.coupons.listStocks({ offset: 0, limit: 10 })).total_count).toBe(1)
    await pay.coupons.pauseStock({ stock_id })
    await pay.coupons.restartStock({ stock_id })
    await pay.coupons.setCallback({ notify_url: NOTIFY_URL, switch: true })

    const png = Buffer.from('89504e470d0a1a0a', 'hex')
    await pay.media.uploadImage({ filename: '执照.png', content: png })
    await pay.media.uploadVideo({ filename: 'a.mp4', content: png })
    await pay.media.uploadMarketingImage({ filename: 'a.png', content: png })
    const { media_id } = await pay.media.uploadComplaintImage({ filename: 'a.png', content: png })

    await pay.complaints.createNotification({ url: NOTIFY_URL })
    expect((await pay.complaints.getNotification()).url).toBe(NOTIFY_URL)
    await pay.complaints.updateNotification({ url: NOTIFY_URL })
    const user = simulator.user('ming')
    const { out_trade_no } = await shop.paidOrder()
    shop.seen.length = 0
    const { complaintId: complaint_id } = await user.complain(out_trade_no)
    expect(shop.seen).toMatchObject([{ event_type: 'COMPLAINT.CREATE', resource: { complaint_id } }])
    const list = await pay.complaints.list({ begin_date: '2026-03-10', end_date: '2026-03-11' })
    expect(list.data?.[0]).toMatchObject({ complaint_id, payer_phone: user.profile.phone })
    expect((await pay.complaints.get({ complaint_id })).payer_phone).toBe(user.profile.phone)
    const reply = { complaint_id, idempotent_id: 'M1', message: { blocks: [{ type: 'TEXT', text: { text: '稍等' } }] } }
    const { log_id } = await pay.complaints.respondImmediately(reply)
    expect(await pay.complaints.respondImmediately(reply)).toEqual({ log_id })
    await pay.complaints.respond({ complaint_id, response_content: '已补发', response_images: [media_id] })
    await pay.complaints.updateRefundProgress({ complaint_id, action: 'APPROVE', launch_refund_day: 1 })
    await pay.complaints.complete({ complaint_id })
    expect((await pay.complaints.history({ complaint_id })).data?.length).toBeGreaterThan(0)
    await pay.complaints.deleteNotification()
  })

  it('bills are compared with their hash and read row by row', async () => {
    const { out_trade_no } = await shop.paidOrder(700)
    const sub_mchid = '1900000109'
    const partner = { out_trade_no: shop.number(), sub_mchid }
    const { prepay_id } = await pay.partnerTransactions.jsapi({
      ...partner,
      description: 'Tea',
      amount: { total: 800 },
      payer: { sp_openid: shop.openid }
    })
    await simulator.user('ming').pay(pay.jsapiParams(prepay_id))
    await simulator.clock.advance(DAY_MS)
    const bill = await pay.bills.trade({ bill_date: '2026-03-10' })
    const { rows } = await bill.readAll()
    expect(rows.find((row) => row.商户订单号 === out_trade_no)?.订单金额).toBe('7.00')
    const flow = await pay.bills.fundFlow({ bill_date: '2026-03-10', account_type: 'BASIC' })
    expect((await flow.readAll()).rows.length).toBeGreaterThan(0)
    const sub = await pay.bills.subMerchantFundFlow({
      bill_date: '2026-03-10',
      sub_mchid,
      account_type: 'BASIC'
    })
    expect(sub).toHaveLength(1)
    expect((await sub[0]?.readAll())?.rows.length).toBeGreaterThan(0)
    await expect(pay.bills.trade({ bill_date: '2026-03-11' })).rejects.toMatchObject({ code: 'ERR_WECHAT_PAY' })
  })

  it('profit sharing: the largest ratio of a sub-merchant, and no share above it', async () => {
    const sub_mchid = '1900000109'
    expect(await pay.profitSharing.maxRatio({ sub_mchid })).toEqual({ sub_mchid, max_ratio: 3000 })
    await expect(pay.profitSharing.maxRatio({})).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
    const { transaction_id } = await shop.paidOrder(10_000, { settle_info: { profit_sharing: true } })
    const receiver = { type: 'PERSONAL_OPENID', account: shop.openid } as const
    await pay.profitSharing.addReceiver({ ...receiver, relation_type: 'STAFF' })
    const share = (amount: number) =>
      pay.profitSharing.create({
        transaction_id,
        out_order_no: shop.number('P'),
        receivers: [{ ...receiver, amount, description: '佣金' }],
        unfreeze_unsplit: false
      })
    await expect(share(3001)).rejects.toMatchObject({ upstreamCode: 'RULE_LIMIT', status: 403 })
    await share(3000)
    await expect(share(1)).rejects.toMatchObject({ upstreamCode: 'RULE_LIMIT' })
  })

  it('profit sharing: a share is taken back, queried, and stands in the bill of the day', async () => {
    const day = new Date(simulator.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10)
    const { transaction_id } = await shop.paidOrder(10_000, { settle_info: { profit_sharing: true } })
    const return_mchid = '1900000109'
    const receiver = { type: 'MERCHANT_ID', account: return_mchid, name: '示例商户' } as const
    await pay.profitSharing.addReceiver({ ...receiver, relation_type: 'SUPPLIER' })
    const out_order_no = shop.number('P')
    await pay.profitSharing.create({
      transaction_id,
      out_order_no,
      receivers: [{ ...receiver, amount: 1000, description: '分给供应商' }],
      unfreeze_unsplit: true
    })
    await simulator.clock.advance(5_000)
    const out_return_no = shop.number('R')
    const back = { out_order_no, out_return_no, return_mchid, amount: 400, description: '退货' }
    expect(await pay.profitSharing.createReturn(back)).toMatchObject({ out_return_no, amount: 400 })
    // The same number again is the same return.
    expect(await pay.profitSharing.createReturn(back)).toMatchObject({ out_return_no, amount: 400 })
    await simulator.clock.advance(5_000)
    expect(await pay.profitSharing.queryReturn({ out_return_no, out_order_no })).toMatchObject({
      result: 'SUCCESS',
      amount: 400
    })
    const absent = pay.profitSharing.queryReturn({ out_return_no: shop.number('R'), out_order_no })
    await expect(absent).rejects.toMatchObject({ code: 'ERR_WECHAT_PAY', upstreamCode: 'RESOURCE_NOT_EXISTS' })
    const lost = { ...back, out_return_no: shop.number('R'), amount: 100 }
    simulator.fail('/v3/profitsharing/return-orders', 'reset')
    await expect(pay.profitSharing.createReturn(lost)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_RESULT',
      query: { method: 'profitSharing.queryReturn', params: { out_return_no: lost.out_return_no, out_order_no } }
    })
    const settled = await pay.profitSharing.queryReturn({ out_return_no: lost.out_return_no, out_order_no })
    expect(settled.amount).toBe(100)

    await simulator.clock.advance(DAY_MS)
    const { rows } = await (await pay.bills.profitSharing({ bill_date: day })).readAll()
    expect(JSON.stringify(rows)).toContain(out_order_no)
  })

  it('any other call goes through request()', async () => {
    const balance = await pay.request({ method: 'GET', path: '/v3/merchant/fund/balance/BASIC' })
    expect(balance).toMatchObject({ available_amount: expect.any(Number) })
    const unknown = pay.request({ method: 'GET', path: '/v3/iotmanage/devices' })
    await expect(unknown).rejects.toMatchObject({ code: 'ERR_WECHAT_PAY', upstreamCode: 'NOT_SIMULATED' })
  })

  it('a probe for a response is asked for again, once', async () => {
    const { out_trade_no } = await shop.placeOrder()
    simulator.pay.probeResponses(1)
    expect((await pay.transactions.query({ out_trade_no })).trade_state).toBe('NOTPAY')
    simulator.pay.probeResponses(2)
    await expect(pay.transactions.query({ out_trade_no })).rejects.toMatchObject({ code: 'ERR_SIGNATURE_PROBE' })
  })

  it('probes and forgeries of notifications are refused, and the good one that follows is booked once', async () => {
    simulator.pay.probeNotifications(1)
    const { out_trade_no } = await shop.paidOrder()
    expect(shop.seen).toHaveLength(0)
    await simulator.clock.advance(20_000)
    expect(shop.seen).toMatchObject([{ resource: { out_trade_no } }])
    shop.seen.length = 0
    simulator.pay.forgeNotifications(1)
    await shop.paidOrder()
    expect(shop.seen).toHaveLength(0)
    await simulator.clock.advance(20_000)
    expect(shop.seen).toHaveLength(1)
  })

  it('a callback that fails has the notification delivered again; a duplicate is not', async () => {
    let failures = 1
    let calls = 0
    const failing = pay.notifyHandler({
      onPaid: () => {
        calls++
        if (failures-- > 0) throw new Error('database is down')
      }
    })
    const usual = shop.handler
    shop.handler = failing
    const { prepay_id } = await shop.placeOrder()
    const { delivery } = await simulator.user('ming').pay(prepay_id)
    expect(delivery?.attempts).toMatchObject([{ status: 500 }])
    await simulator.clock.advance(20_000)
    expect(delivery?.attempts).toMatchObject([{ status: 500 }, { status: 204 }])
    expect((await delivery?.redeliver())?.status).toBe(204)
    expect(calls).toBe(2)
    shop.handler = usual
  })

  it.each([
    [299, true],
    [-299, true],
    [301, false],
    [-301, false]
  ])('a clock that is %i s off is accepted: %s', async (seconds, isAccepted) => {
    const skewed = shop.client({ clock: () => simulator.clock.now() + seconds * 1000 })
    const call = skewed.transactions.native({ description: 'x', amount: { total: 1 }, out_trade_no: shop.number() })
    if (isAccepted) await expect(call).resolves.toBeDefined()
    else await expect(call).rejects.toMatchObject({ code: 'ERR_WECHAT_PAY', upstreamCode: 'SIGN_ERROR' })
  })

  it('a proxy that changes the body shows as the first difference', async () => {
    const bent = shop.client({
      middleware: [
        async (request, next) =>
          next(new Request(request.url, { method: 'POST', headers: request.headers, body: ` ${await request.text()}` }))
      ]
    })
    const error = await bent.transactions
      .native({ description: 'x', amount: { total: 1 }, out_trade_no: shop.number() })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ERR_WECHAT_PAY', upstreamCode: 'SIGN_ERROR', kind: 'config' })
    expect(String(error)).toMatch(
      /first difference is at character \d+ \(line 5, body\): we signed "\{.*it received " \{/
    )
  })

  it('a private key of another certificate shows as such', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await expect(
      shop.client({ privateKey }).transactions.query({ out_trade_no: 'T20260310000001' })
    ).rejects.toMatchObject({
      upstreamCode: 'SIGN_ERROR',
      message: expect.stringContaining('privateKey does not belong to certSerial')
    })
  })

  it('/v3/certificates says that this merchant has none', async () => {
    const wrong = shop.client({ platformKeys: 'certificates' })
    await expect(
      wrong.transactions.native({ description: 'x', amount: { total: 1 }, out_trade_no: shop.number() })
    ).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_/), message: expect.stringContaining('PUB_KEY_ID_') })
  })
})

describe('certificate mode', () => {
  it('downloads, verifies and keeps certificates through a rotation in mid-run', async () => {
    const shop = await new Shop('certificate').open({ platformKeys: 'certificates' })
    const { simulator, pay } = shop
    await shop.paidOrder()
    const first = simulator.pay.platform.serialNumber
    const { serialNumber: second } = simulator.pay.rotatePlatformCertificate()
    const before = simulator.log.entries.length
    await simulator.clock.advance(120_000)
    await Promise.all(Array.from({ length: 8 }, () => shop.placeOrder()))
    await shop.paidOrder()
    const paths = simulator.log.entries.slice(before).map((entry) => JSON.stringify(entry))
    expect(paths.filter((line) => line.includes('/v3/certificates'))).toHaveLength(1)
    expect(pay.seenPlatformKeys().map(({ id, kind }) => [id, kind])).toEqual([
      [first, 'certificate'],
      [second, 'certificate']
    ])
    expect(shop.seen).toHaveLength(2)
    const name = simulator.user('ming').profile.realName
    const { out_bill_no } = await pay.transfers.create({
      out_bill_no: shop.number('W'),
      transfer_scene_id: '1009',
      openid: shop.openid,
      user_name: name,
      transfer_amount: 3000,
      transfer_remark: '货款',
      transfer_scene_report_infos: [{ info_type: '采购商品名称', info_content: '茶叶' }]
    })
    expect((await pay.transfers.query({ out_bill_no })).user_name).toBe(name)
    await simulator.close()
  })
})

describe('migration', () => {
  it('both kinds of key verify, seenPlatformKeys tells when the old one is gone', async () => {
    const shop = await new Shop('both').open()
    const { simulator, pay } = shop
    for (let index = 0; index < 4; index++) await shop.paidOrder()
    const seen = Object.fromEntries(pay.seenPlatformKeys().map((key) => [key.kind, key]))
    expect(seen.publicKey?.notifications).toBeGreaterThan(0)
    expect(seen.certificate?.notifications).toBeGreaterThan(0)
    expect(shop.seen).toHaveLength(4)
    // Public key in the options, certificates downloaded.
    const { publicKeyId, publicKey } = simulator.pay.platform
    const half = shop.client({ platformKeys: { [publicKeyId]: publicKey }, downloadCertificates: true })
    shop.handler = half.notifyHandler({ onPaid: () => undefined })
    const { delivery } = await simulator.user('ming').pay((await shop.placeOrder()).prepay_id)
    const { delivery: next } = await simulator.user('ming').pay((await shop.placeOrder()).prepay_id)
    expect([delivery?.state, next?.state]).toEqual(['delivered', 'delivered'])
    // The old key first: asked for by its serial.
    const old = shop.client({ preferredKey: simulator.pay.platform.serialNumber })
    await old.transactions.native({ description: 'x', amount: { total: 1 }, out_trade_no: shop.number() })
    expect(old.seenPlatformKeys()).toMatchObject([{ kind: 'certificate', responses: 1 }])
    await simulator.close()
  })
})
