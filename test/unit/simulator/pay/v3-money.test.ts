import { constants, createHash, privateDecrypt, publicEncrypt } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decryptResource } from '../../../../src/simulator/crypto/pay-v3.ts'
import { type Setup, setup, v2Order, v3Order } from './setup.ts'

const JSAPI = '/v3/pay/transactions/jsapi'
const REFUNDS = '/v3/refund/domestic/refunds'

async function paid(world: Setup, number: string, more = {}, coupon?: number) {
  const { body } = await world.v3('POST', JSAPI, { ...v3Order(world, number), ...more })
  const { transactionId } = await world.user.pay(String(body.prepay_id), coupon === undefined ? {} : { coupon })
  world.received.length = 0
  return transactionId ?? ''
}

const encryptFor = (world: Setup, text: string) =>
  publicEncrypt({ key: world.simulator.pay.platform.publicKey, oaepHash: 'sha1' }, Buffer.from(text)).toString('base64')

const decrypt = (world: Setup, text: unknown) =>
  privateDecrypt(
    { key: world.simulator.credentials.payV3.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    Buffer.from(String(text), 'base64')
  ).toString()

const serialHeader = (world: Setup) => ({ headers: { 'wechatpay-serial': world.simulator.pay.platform.publicKeyId } })

/** The decrypted resource of a notification. */
function opened(world: Setup, index = 0) {
  const { event_type: eventType, resource } = JSON.parse(world.received[index]?.body ?? '{}')
  const { ciphertext, nonce, associated_data: aad } = resource as Record<string, string>
  const { apiV3Key } = world.simulator.credentials.payV3
  return { eventType, ...JSON.parse(decryptResource(ciphertext ?? '', apiV3Key, nonce ?? '', aad ?? '')) }
}

describe('refunds', () => {
  const refund = (world: Setup, number: string, refundNo: string, amount: number, more = {}) =>
    world.v3('POST', REFUNDS, {
      out_trade_no: number,
      out_refund_no: refundNo,
      reason: '退货',
      notify_url: 'https://shop.example.com/v3/refund',
      amount: { refund: amount, total: 100, currency: 'CNY' },
      ...more
    })

  it('add up, are idempotent, and notify', async () => {
    const world = setup()
    await paid(world, 'T00001', {}, 30)
    const first = await refund(world, 'T00001', 'R1', 50)
    expect(first).toMatchObject({
      status: 200,
      body: { status: 'PROCESSING', amount: { refund: 50, payer_total: 70, payer_refund: 35, discount_refund: 15 } }
    })
    expect((await refund(world, 'T00001', 'R1', 50)).body.refund_id).toBe(first.body.refund_id)
    expect((await refund(world, 'T00001', 'R1', 51)).body.code).toBe('INVALID_REQUEST')
    expect((await refund(world, 'T00001', 'R2', 51)).body.code).toBe('INVALID_REQUEST')
    expect((await refund(world, 'T00001', 'R2', 50)).status).toBe(200)
    await world.simulator.clock.advance(1_000)
    expect(world.received).toHaveLength(2)
    expect(opened(world)).toMatchObject({
      eventType: 'REFUND.SUCCESS',
      out_refund_no: 'R1',
      refund_status: 'SUCCESS',
      amount: { total: 100, refund: 50, payer_total: 70, payer_refund: 35 }
    })
    const found = await world.v3('GET', `${REFUNDS}/R1`)
    expect(found.body).toMatchObject({ status: 'SUCCESS', success_time: '2025-06-10T12:00:01+08:00' })
    expect((await world.v3('GET', `${REFUNDS}/R9`)).body.code).toBe('RESOURCE_NOT_EXISTS')
  })

  it('of an order of v2 go through v3, and the other way round', async () => {
    const world = setup()
    const { prepay_id: prepayId = '' } = await world.v2('/pay/unifiedorder', v2Order(world, 'T00001'))
    await world.user.pay(prepayId)
    expect((await refund(world, 'T00001', 'R1', 60)).status).toBe(200)
    const fields = { appid: world.appId, out_trade_no: 'T00001', out_refund_no: 'R2', refund_fee: 41, total_fee: 100 }
    expect((await world.v2('/secapi/pay/refund', fields)).err_code).toBe('ERROR')
    expect((await world.v2('/secapi/pay/refund', { ...fields, refund_fee: 40 })).result_code).toBe('SUCCESS')
  })

  it('that end abnormal are sent to a bank card', async () => {
    const world = setup()
    await paid(world, 'T00001')
    world.simulator.pay.nextRefunds('ABNORMAL')
    const { body } = await refund(world, 'T00001', 'R1', 100)
    await world.simulator.clock.advance(1_000)
    expect(opened(world).eventType).toBe('REFUND.ABNORMAL')
    const apply = (more = {}) =>
      world.v3(
        'POST',
        `${REFUNDS}/${body.refund_id}/apply-abnormal-refund`,
        { out_refund_no: 'R1', type: 'USER_BANK_CARD', ...more },
        serialHeader(world)
      )
    expect((await apply()).body.code).toBe('PARAM_ERROR')
    const card = {
      bank_type: 'CMB_DEBIT',
      bank_account: encryptFor(world, '6222'),
      real_name: encryptFor(world, '张三')
    }
    expect((await apply(card)).body.status).toBe('PROCESSING')
    await world.simulator.clock.advance(1_000)
    expect((await world.v3('GET', `${REFUNDS}/R1`)).body).toMatchObject({
      status: 'SUCCESS',
      user_received_account: '用户银行卡'
    })
    expect((await apply(card)).body.code).toBe('INVALID_REQUEST')
  })

  it('can be settled by hand', async () => {
    const world = setup()
    world.simulator.pay.settings.refundDelayMs = 86_400_000
    await paid(world, 'T00001')
    await refund(world, 'T00001', 'R1', 100)
    await world.simulator.pay.settleRefund('R1', 'CLOSED')
    expect(opened(world)).toMatchObject({ eventType: 'REFUND.CLOSED', refund_status: 'CLOSED' })
    await expect(world.simulator.pay.settleRefund('R1')).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
  })

  it.each([
    ['an unknown order', { out_trade_no: 'UNKNOWN1' }, 'RESOURCE_NOT_EXISTS'],
    ['no order', { out_trade_no: undefined }, 'PARAM_ERROR'],
    ['another total', { amount: { refund: 1, total: 99, currency: 'CNY' } }, 'INVALID_REQUEST'],
    [
      'sources that do not add up',
      { amount: { refund: 2, total: 100, currency: 'CNY', from: [{ account: 'AVAILABLE', amount: 1 }] } },
      'PARAM_ERROR'
    ]
  ])('refuse %s', async (_name, more, code) => {
    const world = setup()
    await paid(world, 'T00001')
    expect((await refund(world, 'T00001', 'R1', 1, more)).body.code).toBe(code)
  })
})

describe('bills', () => {
  const get = (world: Setup, target: string) => world.v3('GET', target)
  const download = async (world: Setup, url: unknown) => {
    const { pathname, search } = new URL(String(url))
    const answer = await world.v3('GET', pathname + search)
    return answer
  }

  it('come with a hash and are downloaded with a signature of their own', async () => {
    const world = setup()
    await paid(world, 'T00001')
    const target = '/v3/bill/tradebill?bill_date=2025-06-10'
    expect((await get(world, target)).body.code).toBe('NO_STATEMENT_EXIST')
    await world.simulator.clock.advance(13 * 3_600_000)
    expect((await get(world, target)).body.code).toBe('STATEMENT_CREATING')
    await world.simulator.clock.advance(11 * 3_600_000)
    const { body } = await get(world, target)
    const file = await download(world, body.download_url)
    expect(file.headers.get('wechatpay-signature')).toBeNull()
    expect(file.text).toContain('`T00001')
    expect(body).toMatchObject({ hash_type: 'SHA1', hash_value: createHash('sha1').update(file.text).digest('hex') })
    const { pathname, search } = new URL(String(body.download_url))
    expect((await world.v3('GET', pathname + search, undefined, { tamper: (text) => `${text} ` })).status).toBe(401)
    await world.simulator.clock.advance(5 * 60_000)
    expect((await download(world, body.download_url)).status).toBe(404)
    const flow = await get(world, '/v3/bill/fundflowbill?bill_date=2025-06-10')
    expect((await download(world, flow.body.download_url)).text).toContain('`收入')
    expect((await get(world, '/v3/bill/tradebill?bill_date=2025-13-01')).body.code).toBe('PARAM_ERROR')
  })

  it('are hashed before they are compressed', async () => {
    const world = setup()
    await paid(world, 'T00001')
    await world.simulator.clock.advance(24 * 3_600_000)
    const { body } = await get(world, '/v3/bill/tradebill?bill_date=2025-06-10&tar_type=GZIP')
    const { pathname, search } = new URL(String(body.download_url))
    const plain = gunzipSync((await world.v3('GET', pathname + search)).bytes)
    expect(body.hash_value).toBe(createHash('sha1').update(plain).digest('hex'))
  })

  it('of a sub-merchant are encrypted for the merchant certificate', async () => {
    const world = setup()
    const { appid, mchid, payer, ...rest } = v3Order(world, 'T00001')
    const order = {
      ...rest,
      sp_appid: appid,
      sp_mchid: mchid,
      sub_mchid: '1900000109',
      payer: { sp_openid: payer.openid }
    }
    const { body: made } = await world.v3('POST', '/v3/pay/partner/transactions/jsapi', order)
    await world.user.pay(String(made.prepay_id))
    await world.simulator.clock.advance(24 * 3_600_000)
    const { body } = await get(
      world,
      '/v3/bill/sub-merchant-fundflowbill?sub_mchid=1900000109&bill_date=2025-06-10&account_type=BASIC&algorithm=AEAD_AES_256_GCM'
    )
    const [file] = body.download_bill_list as Record<string, unknown>[]
    expect(body.download_bill_count).toBe(1)
    const { bytes } = await download(world, file?.download_url)
    const key = decrypt(world, file?.encrypt_key)
    const bill = decryptResource(Buffer.from(bytes).toString('base64'), key, String(file?.nonce), '')
    expect(bill).toContain('`T00001')
    expect(file?.hash_value).toBe(createHash('sha1').update(bill).digest('hex'))
  })
})

describe('transfers that the user confirms', () => {
  const BILLS = '/v3/fund-app/mch-transfer/transfer-bills'
  const bill = (world: Setup, more = {}) => ({
    appid: world.appId,
    out_bill_no: 'B1',
    transfer_scene_id: '1000',
    openid: world.openid,
    transfer_amount: 500,
    transfer_remark: '奖励',
    notify_url: 'https://shop.example.com/v3/transfer',
    transfer_scene_report_infos: [
      { info_type: '活动名称', info_content: '抽奖' },
      { info_type: '奖励说明', info_content: '一等奖' }
    ],
    ...more
  })
  const create = (world: Setup, more = {}) => world.v3('POST', BILLS, bill(world, more), serialHeader(world))
  const query = (world: Setup) => world.v3('GET', `${BILLS}/out-bill-no/B1`)

  it('wait, are confirmed, and notify', async () => {
    const world = setup()
    const before = world.simulator.pay.balance(world.mchId)
    const { body } = await create(world)
    expect(body).toMatchObject({ state: 'WAIT_USER_CONFIRM', package_info: expect.stringMatching(/==$/) })
    expect((await create(world)).body.transfer_bill_no).toBe(body.transfer_bill_no)
    expect(await create(world, { transfer_amount: 501 })).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_EXISTS' }
    })
    await expect(world.simulator.user('other').confirmTransfer(String(body.package_info))).rejects.toThrow(
      'not for this user'
    )
    expect(await world.user.confirmTransfer(String(body.package_info))).toEqual({ outBillNo: 'B1', state: 'SUCCESS' })
    await expect(world.user.confirmTransfer('B1')).rejects.toThrow('SUCCESS')
    expect(opened(world)).toMatchObject({
      eventType: 'MCHTRANSFER.BILL.FINISHED',
      state: 'SUCCESS',
      transfer_amount: 500
    })
    expect((await query(world)).body).toMatchObject({ state: 'SUCCESS', mch_id: world.mchId, openid: world.openid })
    const byId = await world.v3('GET', `${BILLS}/transfer-bill-no/${body.transfer_bill_no}`)
    expect(byId.body.out_bill_no).toBe('B1')
    expect(world.simulator.pay.balance(world.mchId)).toBe(before - 500)
  })

  it('are cancelled before they are confirmed', async () => {
    const world = setup()
    const before = world.simulator.pay.balance(world.mchId)
    await create(world)
    const cancel = () => world.v3('POST', `${BILLS}/out-bill-no/B1/cancel`)
    expect((await cancel()).body).toMatchObject({ out_bill_no: 'B1', state: 'CANCELING' })
    await world.simulator.clock.advance(1_000)
    expect((await query(world)).body).toMatchObject({ state: 'CANCELLED', fail_reason: 'MCH_CANCEL' })
    expect(opened(world).state).toBe('CANCELLED')
    expect((await cancel()).body.state).toBe('CANCELLED')
    expect(world.simulator.pay.balance(world.mchId)).toBe(before)
  })

  it('are closed after 24 hours', async () => {
    const world = setup()
    await create(world)
    await world.simulator.clock.advance(24 * 3_600_000)
    expect((await query(world)).body).toMatchObject({ state: 'FAIL', fail_reason: 'OVERDUE_CLOSE' })
    expect((await world.v3('POST', `${BILLS}/out-bill-no/B1/cancel`)).body.code).toBe('INVALID_REQUEST')
    await world.simulator.clock.advance(30 * 86_400_000)
    expect(await query(world)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  })

  it('need the name from 2,000 yuan on, encrypted for the platform', async () => {
    const world = setup()
    const large = { transfer_amount: 200_000 }
    expect((await create(world, large)).body.code).toBe('PARAM_ERROR')
    const name = encryptFor(world, '张三')
    expect((await world.v3('POST', BILLS, bill(world, { ...large, user_name: name }))).body.message).toContain(
      'Wechatpay-Serial'
    )
    const wrong = { headers: { 'wechatpay-serial': 'ABCDEF' } }
    expect((await world.v3('POST', BILLS, bill(world, { ...large, user_name: name }), wrong)).body.message).toContain(
      '序列号'
    )
    expect((await create(world, { ...large, user_name: '张三' })).body.message).toContain('加密后的密文')
    expect((await create(world, { ...large, user_name: name })).body.state).toBe('WAIT_USER_CONFIRM')
    expect((await create(world, { ...large, user_name: encryptFor(world, '张三') })).status).toBe(200)
    expect(decrypt(world, (await query(world)).body.user_name)).toBe('张三')
    const stranger = { ...large, out_bill_no: 'B2', user_name: encryptFor(world, '李四') }
    expect((await create(world, stranger)).body).toMatchObject({ state: 'FAIL', fail_reason: 'NAME_NOT_CORRECT' })
    expect((await create(world, { transfer_amount: 29, out_bill_no: 'B3', user_name: name })).body.code).toBe(
      'PARAM_ERROR'
    )
  })

  it.each([
    ['a missing info', { transfer_scene_report_infos: [{ info_type: '活动名称', info_content: 'x' }] }, 'PARAM_ERROR'],
    ['a foreign info', { transfer_scene_id: '1002' }, 'PARAM_ERROR'],
    ['an unknown scene', { transfer_scene_id: '9999' }, 'INVALID_REQUEST'],
    ['a dash in the number', { out_bill_no: 'B-1' }, 'PARAM_ERROR'],
    ['a stranger', { openid: 'oStranger' }, 'PARAM_ERROR'],
    [
      'a foreign perception',
      {
        transfer_scene_id: '1002',
        transfer_scene_report_infos: [{ info_type: '补贴类型', info_content: 'x' }],
        user_recv_perception: '退款'
      },
      'INVALID_REQUEST'
    ]
  ])('refuse %s', async (_name, more, code) => {
    expect((await create(setup(), more)).body.code).toBe(code)
  })

  it('fail for lack of money or on demand', async () => {
    const world = setup()
    world.simulator.pay.setBalance(world.mchId, 499)
    expect(await create(world)).toMatchObject({ status: 403, body: { code: 'NOT_ENOUGH' } })
    world.simulator.pay.setBalance(world.mchId, 500)
    world.simulator.pay.failTransfers('TRANSFER_RISK')
    expect((await create(world)).body).toMatchObject({ state: 'FAIL', fail_reason: 'TRANSFER_RISK' })
    expect(world.simulator.pay.balance(world.mchId)).toBe(500)
  })

  it('give a receipt once they succeeded', async () => {
    const world = setup()
    await create(world)
    const RECEIPTS = '/v3/fund-app/mch-transfer/elecsign/out-bill-no'
    const apply = () => world.v3('POST', RECEIPTS, { out_bill_no: 'B1' })
    expect((await apply()).body.code).toBe('INVALID_REQUEST')
    await world.user.confirmTransfer('B1')
    expect((await world.v3('GET', `${RECEIPTS}/B1`)).status).toBe(404)
    expect((await apply()).body.state).toBe('GENERATING')
    expect((await world.v3('GET', `${RECEIPTS}/B1`)).body.state).toBe('GENERATING')
    await world.simulator.clock.advance(1_000)
    const { body } = await world.v3('GET', `${RECEIPTS}/B1`)
    const { pathname, search } = new URL(String(body.download_url))
    const file = await world.v3('GET', pathname + search)
    expect(body).toMatchObject({
      state: 'FINISHED',
      hash_type: 'SHA256',
      hash_value: createHash('sha256').update(file.text).digest('hex')
    })
  })
})

describe('batches of transfers', () => {
  const BATCHES = '/v3/transfer/batches'
  const batch = (world: Setup, more = {}) => ({
    appid: world.appId,
    out_batch_no: 'BATCH1',
    batch_name: '批次',
    batch_remark: '备注',
    total_amount: 300,
    total_num: 2,
    notify_url: 'https://shop.example.com/v3/batch',
    transfer_detail_list: [
      {
        out_detail_no: 'D1',
        transfer_amount: 100,
        transfer_remark: 'x',
        openid: world.openid,
        user_name: encryptFor(world, '张三')
      },
      { out_detail_no: 'D2', transfer_amount: 200, transfer_remark: 'x', openid: 'oStranger' }
    ],
    ...more
  })

  it('are carried out one by one', async () => {
    const world = setup()
    const before = world.simulator.pay.balance(world.mchId)
    const { body } = await world.v3('POST', BATCHES, batch(world), serialHeader(world))
    expect(body).toMatchObject({ out_batch_no: 'BATCH1', batch_status: 'ACCEPTED' })
    const again = await world.v3('POST', BATCHES, batch(world), serialHeader(world))
    expect(again.body.batch_id).toBe(body.batch_id)
    const query = (more = '') => world.v3('GET', `${BATCHES}/out-batch-no/BATCH1?need_query_detail=true${more}`)
    expect((await query()).body.transfer_batch).toMatchObject({ batch_status: 'PROCESSING' })
    await world.simulator.clock.advance(1_000)
    expect((await query('&detail_status=FAIL')).body).toMatchObject({
      transfer_batch: { batch_status: 'FINISHED', success_amount: 100, fail_num: 1 },
      transfer_detail_list: [{ out_detail_no: 'D2', detail_status: 'FAIL' }]
    })
    const detail = await world.v3('GET', `${BATCHES}/out-batch-no/BATCH1/details/out-detail-no/D1`)
    expect(detail.body.detail_status).toBe('SUCCESS')
    expect(decrypt(world, detail.body.user_name)).toBe('张三')
    expect(opened(world)).toMatchObject({
      eventType: 'MCHTRANSFER.BATCH.FINISHED',
      batch_status: 'FINISHED',
      fail_amount: 200
    })
    expect(world.simulator.pay.balance(world.mchId)).toBe(before - 100)
    const RECEIPT = '/v3/transfer/bill-receipt'
    const applied = await world.v3('POST', RECEIPT, { out_batch_no: 'BATCH1' })
    expect(applied.body).toMatchObject({ out_batch_no: 'BATCH1', signature_status: 'ACCEPTED' })
    const receipt = await world.v3('GET', `${RECEIPT}/BATCH1`)
    expect(receipt.body).toMatchObject({ signature_status: 'FINISHED', hash_type: 'SHA256' })
  })

  it.each([
    ['a wrong sum', { total_amount: 301 }],
    ['a wrong count', { total_num: 3 }],
    ['a short number', { out_batch_no: 'B1' }]
  ])('refuse %s', async (_name, more) => {
    const world = setup()
    expect((await world.v3('POST', BATCHES, batch(world, more), serialHeader(world))).body.code).toBe('PARAM_ERROR')
  })
})

describe('profit sharing', () => {
  const ORDERS = '/v3/profitsharing/orders'
  const share = (world: Setup, transactionId: string, amount: number, more = {}) =>
    world.v3('POST', ORDERS, {
      appid: world.appId,
      transaction_id: transactionId,
      out_order_no: `S${amount}`,
      receivers: [{ type: 'PERSONAL_OPENID', account: world.openid, amount, description: '分账' }],
      unfreeze_unsplit: false,
      ...more
    })

  it('shares what was paid, gives back and unfreezes', async () => {
    const world = setup()
    const plain = await paid(world, 'T00001')
    expect((await share(world, plain, 10)).body.code).toBe('RULE_LIMIT')
    const id = await paid(world, 'T00002', { settle_info: { profit_sharing: true } })
    expect((await share(world, id, 10)).body.code).toBe('INVALID_REQUEST')
    const receiver = { appid: world.appId, type: 'PERSONAL_OPENID', account: world.openid }
    const added = await world.v3('POST', '/v3/profitsharing/receivers/add', { ...receiver, relation_type: 'STAFF' })
    expect(added.body.account).toBe(world.openid)
    expect((await share(world, id, 101)).body.code).toBe('NOT_ENOUGH')
    expect((await share(world, id, 30)).body).toMatchObject({ state: 'PROCESSING', receivers: [{ result: 'PENDING' }] })
    await world.simulator.clock.advance(1_000)
    const found = await world.v3('GET', `${ORDERS}/S30?transaction_id=${id}`)
    expect(found.body).toMatchObject({ state: 'FINISHED', receivers: [{ result: 'SUCCESS', amount: 30 }] })
    const rest = () => world.v3('GET', `/v3/profitsharing/transactions/${id}/amounts`)
    expect((await rest()).body.unsplit_amount).toBe(70)
    const giveBack = { out_order_no: 'S30', out_return_no: 'RT1', return_mchid: '1', amount: 5, description: 'x' }
    expect((await world.v3('POST', '/v3/profitsharing/return-orders', giveBack)).body.code).toBe('INVALID_REQUEST')
    const done = await world.v3('POST', `${ORDERS}/unfreeze`, {
      transaction_id: id,
      out_order_no: 'U1',
      description: 'x'
    })
    expect(done.body).toMatchObject({ receivers: [{ type: 'MERCHANT_ID', amount: 70 }] })
    expect((await rest()).body.unsplit_amount).toBe(0)
    expect((await world.v3('POST', '/v3/profitsharing/receivers/delete', receiver)).status).toBe(200)
    expect((await world.v3('POST', '/v3/profitsharing/receivers/delete', receiver)).status).toBe(404)
    await world.simulator.clock.advance(24 * 3_600_000)
    const bill = await world.v3('GET', '/v3/profitsharing/bills?bill_date=2025-06-10')
    const { pathname, search } = new URL(String(bill.body.download_url))
    const lines = (await world.v3('GET', pathname + search)).text.split('\r\n')
    expect(lines[1]?.split(',')).toHaveLength(lines[0]?.split(',').length ?? 0)
    expect(lines.at(-2)).toBe('`2,`1.00')
  })
})

describe('coupons', () => {
  const FAVOR = '/v3/marketing/favor'
  const stock = (world: Setup) => ({
    stock_name: '满减券',
    belong_merchant: world.mchId,
    available_begin_time: '2025-06-01T00:00:00+08:00',
    available_end_time: '2025-06-30T00:00:00+08:00',
    stock_use_rule: {
      max_coupons: 2,
      max_amount: 40,
      max_coupons_per_user: 1,
      natural_person_limit: false,
      prevent_api_abuse: false
    },
    coupon_use_rule: { fixed_normal_coupon: { coupon_amount: 20, transaction_minimum: 50 } },
    no_cash: true,
    stock_type: 'NORMAL',
    out_request_no: 'STOCK1'
  })

  it('are made, sent, and used in the next payment', async () => {
    const world = setup()
    const { body: made } = await world.v3('POST', `${FAVOR}/coupon-stocks`, stock(world))
    const id = String(made.stock_id)
    expect((await world.v3('POST', `${FAVOR}/coupon-stocks`, stock(world))).body.stock_id).toBe(id)
    const creator = { stock_creator_mchid: world.mchId }
    const send = (outRequestNo: string) =>
      world.v3('POST', `${FAVOR}/users/${world.openid}/coupons`, {
        stock_id: id,
        out_request_no: outRequestNo,
        appid: world.appId,
        ...creator
      })
    expect((await send('C1')).body.code).toBe('RULE_LIMIT')
    await world.v3('POST', `${FAVOR}/stocks/${id}/start`, creator)
    const { body: coupon } = await send('C1')
    expect((await send('C1')).body.coupon_id).toBe(coupon.coupon_id)
    expect((await send('C2')).body.code).toBe('RULE_LIMIT')
    await paid(world, 'T00001')
    const order = await world.v3('GET', `/v3/pay/transactions/out-trade-no/T00001?mchid=${world.mchId}`)
    expect(order.body).toMatchObject({
      amount: { total: 100, payer_total: 80 },
      promotion_detail: [{ coupon_id: coupon.coupon_id, amount: 20 }]
    })
    const found = await world.v3(
      'GET',
      `${FAVOR}/users/${world.openid}/coupons/${coupon.coupon_id}?appid=${world.appId}`
    )
    expect(found.body).toMatchObject({ status: 'USED', consume_information: { consume_mchid: world.mchId } })
    const listed = await world.v3('GET', `${FAVOR}/users/${world.openid}/coupons?appid=${world.appId}&status=USED`)
    expect(listed.body.total_count).toBe(1)
    const stocks = await world.v3('GET', `${FAVOR}/stocks?offset=0&limit=10&stock_creator_mchid=${world.mchId}`)
    expect(stocks.body).toMatchObject({ total_count: 1, data: [{ status: 'running', distributed_coupons: 1 }] })
    expect((await world.v3('POST', `${FAVOR}/stocks/${id}/pause`, creator)).body.stock_id).toBe(id)
    expect((await world.v3('POST', `${FAVOR}/stocks/${id}/pause`, creator)).body.code).toBe('INVALID_REQUEST')
    const url = 'https://shop.example.com/coupons'
    await world.v3('POST', `${FAVOR}/callbacks`, { mchid: world.mchId, notify_url: url })
    expect((await world.v3('GET', `${FAVOR}/callbacks?mchid=${world.mchId}`)).body.notify_url).toBe(url)
  })
})

describe('complaints', () => {
  const BASE = '/v3/merchant-service/complaints-v2'
  const NOTIFY = '/v3/merchant-service/complaint-notifications'

  it('are filed by users, told to the merchant, answered and closed', async () => {
    const world = setup()
    const url = 'https://shop.example.com/v3/complaints'
    expect((await world.v3('GET', NOTIFY)).status).toBe(404)
    expect((await world.v3('POST', NOTIFY, { url })).body).toEqual({ mchid: world.mchId, url })
    expect((await world.v3('POST', NOTIFY, { url })).body.code).toBe('INVALID_REQUEST')
    expect((await world.v3('PUT', NOTIFY, { url: `${url}/2` })).status).toBe(200)
    await paid(world, 'T00001')
    await expect(world.simulator.user('other').complain('T00001')).rejects.toThrow('has not paid')
    const { complaintId } = await world.user.complain('T00001', '没有收到')
    expect(world.received[0]?.url).toBe(`${url}/2`)
    expect(opened(world)).toMatchObject({ eventType: 'COMPLAINT.CREATE', complaint_id: complaintId })
    const { body } = await world.v3('GET', `${BASE}/${complaintId}`)
    expect(body).toMatchObject({
      complaint_state: 'PENDING',
      complaint_detail: '没有收到',
      complaint_full_refunded: false
    })
    expect(decrypt(world, body.payer_phone)).toBe(world.user.profile.phone)
    const list = await world.v3('GET', `${BASE}?begin_date=2025-06-10&end_date=2025-06-10`)
    expect(list.body).toMatchObject({ total_count: 1, data: [{ complaint_id: complaintId }] })
    const owner = { complainted_mchid: world.mchId }
    expect(
      (await world.v3('POST', `${BASE}/${complaintId}/response`, { ...owner, response_content: '已补发' })).status
    ).toBe(204)
    expect(
      (
        await world.v3('POST', `${BASE}/${complaintId}/update-refund-progress`, {
          action: 'REJECT',
          reject_reason: 'x'
        })
      ).status
    ).toBe(204)
    expect((await world.v3('POST', `${BASE}/${complaintId}/complete`, owner)).status).toBe(204)
    expect((await world.v3('POST', `${BASE}/${complaintId}/complete`, owner)).body.code).toBe('INVALID_REQUEST')
    const history = await world.v3('GET', `${BASE}/${complaintId}/negotiation-historys`)
    expect((history.body.data as { operate_type: string }[]).map((one) => one.operate_type)).toEqual([
      'USER_CREATE_COMPLAINT',
      'MERCHANT_RESPONSE',
      'MERCHANT_REJECT_REFUND',
      'MERCHANT_CONFIRM_COMPLETE'
    ])
    expect((await world.v3('DELETE', NOTIFY)).status).toBe(204)
    expect((await world.v3('GET', `${BASE}/unknown`)).status).toBe(404)
  })
})

describe('uploads', () => {
  const upload = (world: Setup, path: string, bytes: Uint8Array, meta: object) => {
    const signedBody = JSON.stringify(meta)
    const body = new FormData()
    body.set('meta', signedBody)
    body.set('file', new File([new Uint8Array(bytes)], 'a.png', { type: 'image/png' }))
    return world.v3('POST', path, undefined, { body, signedBody })
  }
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

  it('are signed over their meta and checked against its hash', async () => {
    const world = setup()
    const bytes = Buffer.from('picture')
    const meta = { filename: 'a.png', sha256: sha256(bytes) }
    const { body } = await upload(world, '/v3/merchant-service/images/upload', bytes, meta)
    const image = await world.v3('GET', `/v3/merchant-service/images/${body.media_id}`)
    expect(image.text).toBe('picture')
    expect((await upload(world, '/v3/merchant/media/upload', bytes, meta)).body.media_id).toMatch(/^\w+$/)
    expect((await upload(world, '/v3/marketing/favor/media/image-upload', bytes, meta)).body.media_url).toMatch(
      /^https:/
    )
    expect((await upload(world, '/v3/merchant/media/video_upload', bytes, meta)).body.code).toBe('PARAM_ERROR')
    const wrong = { ...meta, sha256: sha256(Buffer.from('other')) }
    expect((await upload(world, '/v3/merchant/media/upload', bytes, wrong)).body.message).toContain('sha256')
    const large = Buffer.alloc(2 * 1024 * 1024 + 1)
    const tooLarge = await upload(world, '/v3/merchant-service/images/upload', large, {
      filename: 'a.png',
      sha256: sha256(large)
    })
    expect(tooLarge.body.code).toBe('PARAM_ERROR')
    expect((await world.v3('POST', '/v3/merchant/media/upload', { filename: 'a.png' })).body.code).toBe('PARAM_ERROR')
  })
})

it('tells the balance', async () => {
  const world = setup()
  const { body } = await world.v3('GET', '/v3/merchant/fund/balance/BASIC')
  expect(body.available_amount).toBe(world.simulator.pay.balance(world.mchId))
})
