import assert from 'node:assert/strict'
import { mentions } from './mentions.ts'
import type { Step } from './shop.ts'

/** The names of the exports that the pages use for payments, in the order in which they run. */
export const PAY_STEPS: Readonly<Record<string, Step>> = {
  notify: async (shop, { simulator, user, prefix }) => {
    simulator.deliveries.target('pay', await shop.target('notify'))
    const client = await shop.call('createOrder', `${prefix}001`, user.openid())
    const { delivery } = await user.pay(client as object)
    assert.equal((await delivery?.first)?.state, 'delivered')
    assert.equal(simulator.pay.order(`${prefix}001`)?.state, 'SUCCESS')
  },
  createOrder: async (shop, { simulator, user, prefix }) => {
    const client = await shop.call('createOrder', `${prefix}002`, user.openid())
    assert.equal((await user.pay(client as object)).state, 'SUCCESS')
    assert.equal(simulator.pay.order(`${prefix}002`)?.total, 990)
  },
  createApp: async (shop, { user, prefix }) => {
    assert.equal((await user.pay((await shop.call('createApp', `${prefix}003`)) as object)).state, 'SUCCESS')
  },
  createNative: async (shop, { user, prefix }) => {
    assert.equal((await user.pay(String(await shop.call('createNative', `${prefix}004`)))).state, 'SUCCESS')
  },
  createH5: async (shop, { user, prefix }) => {
    assert.equal((await user.pay(String(await shop.call('createH5', `${prefix}005`)))).state, 'SUCCESS')
  },
  payCode: async (shop, { simulator, user, prefix }) => {
    mentions(await shop.call('payCode', `${prefix}006`, user.paymentCode()), `${prefix}006`)
    assert.equal(simulator.pay.order(`${prefix}006`)?.state, 'SUCCESS')
  },
  reverse: async (shop, { simulator, prefix }) => {
    await shop.call('reverse', `${prefix}006`)
    assert.equal(simulator.pay.order(`${prefix}006`)?.state, 'REVOKED')
  },
  queryOrder: async (shop, { prefix }) => {
    const found = await shop.call('queryOrder', `${prefix}002`)
    mentions(found, `${prefix}002`)
    mentions(found, 'SUCCESS')
  },
  closeOrder: async (shop, { simulator, user, prefix, advance }) => {
    await shop.call('createOrder', `${prefix}007`, user.openid())
    await advance(300_000)
    await shop.call('closeOrder', `${prefix}007`)
    assert.equal(simulator.pay.order(`${prefix}007`)?.state, 'CLOSED')
  },
  refundNotify: async (shop, { simulator, prefix, advance }) => {
    simulator.deliveries.target('refund', await shop.target('refundNotify'))
    await shop.call('refund', `${prefix}001`, `${prefix}R1`)
    await advance(0)
    const sent = simulator.deliveries.recent.filter(({ kind }) => kind === 'refund').at(-1)
    assert.equal((await sent?.first)?.state, 'delivered')
  },
  refund: async (shop, { simulator, prefix }) => {
    await shop.call('refund', `${prefix}002`, `${prefix}R2`)
    assert.equal(simulator.pay.order(`${prefix}002`)?.refunded, 990)
  },
  queryRefund: async (shop, { prefix }) => {
    mentions(await shop.call('queryRefund', `${prefix}R2`), `${prefix}R2`)
  },
  createShared: async (shop, { user, prefix }) => {
    assert.equal(
      (await user.pay((await shop.call('createShared', `${prefix}008`, user.openid())) as object)).state,
      'SUCCESS'
    )
  },
  addReceiver: async (shop, { user }) => {
    mentions(await shop.call('addReceiver', user.openid()), user.openid())
  },
  share: async (shop, { simulator, user, prefix, advance }) => {
    await advance(60_000)
    const transactionId = simulator.pay.order(`${prefix}008`)?.payment?.transactionId
    await shop.call('share', transactionId, `${prefix}S1`, user.openid())
    assert.equal(simulator.pay.order(`${prefix}008`)?.shared, 100)
  },
  queryShare: async (shop, { simulator, prefix }) => {
    const transactionId = simulator.pay.order(`${prefix}008`)?.payment?.transactionId
    mentions(await shop.call('queryShare', transactionId, `${prefix}S1`), `${prefix}S1`)
  },
  unfreeze: async (shop, { simulator, prefix, advance }) => {
    const transactionId = simulator.pay.order(`${prefix}008`)?.payment?.transactionId
    await advance(60_000)
    await shop.call('unfreeze', transactionId, `${prefix}S2`)
    assert.equal(simulator.pay.order(`${prefix}008`)?.isUnfrozen, true)
  },
  transfer: async (shop, { simulator, user, prefix }) => {
    await shop.call('transfer', `${prefix}T1`, user.openid())
    mentions(simulator.log.entries.findLast(({ url }) => url.includes('transfer'))?.responseBody, `${prefix}T1`)
  },
  queryTransfer: async (shop, { prefix }) => {
    mentions(await shop.call('queryTransfer', `${prefix}T1`), `${prefix}T1`)
  },
  bankTransfer: async (shop, { prefix }) => {
    mentions(await shop.call('bankTransfer', `${prefix}B0001`), `${prefix}B0001`)
  },
  queryBankTransfer: async (shop, { prefix }) => {
    mentions(await shop.call('queryBankTransfer', `${prefix}B0001`), `${prefix}B0001`)
  },
  redPack: async (shop, { simulator, user, prefix }) => {
    await shop.call('redPack', `${prefix}H1`, user.openid())
    assert.equal(simulator.pay.redPacks.at(-1)?.mchBillno, `${prefix}H1`)
  },
  queryRedPack: async (shop, { prefix }) => {
    mentions(await shop.call('queryRedPack', `${prefix}H1`), `${prefix}H1`)
  },
  uploadPicture: async (shop) => {
    assert.ok(String(await shop.call('uploadPicture', Buffer.from('89504e470d0a1a0a0000000d', 'hex'))).length > 20)
  },
  bill: async (shop, { simulator, prefix, advance }) => {
    const day = new Date(simulator.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10)
    await advance(36 * 3_600_000)
    mentions(await shop.call('bill', day), `${prefix}002`)
  }
}
