import { fileURLToPath } from 'node:url'
import { integer, pgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenDatabase, openDatabase } from '../database.ts'
import { OrderBook } from '../order-book.ts'
import { orderColumns } from '../order-columns.ts'

// A table whose columns have the names of another document.
const recharges = pgTable('recharges', {
  ...orderColumns({ out_trade_no: 'recharge_id', total_fee: 'amount', created_at: 'ctime', paid_at: 'pay_time' }),
  owner: integer('user_id').notNull()
})
const LIMIT = { most: 3, withinMs: 60_000 }

describe('orders', () => {
  let database: OpenDatabase
  const booked: string[] = []
  let orders: OrderBook<typeof recharges.$inferSelect>
  let owner = 0
  beforeAll(async () => {
    const migrations = fileURLToPath(new URL('../../top-up/migrations', import.meta.url))
    database = await openDatabase({ folder: 'memory://', migrations })
    const book = async (_tx: unknown, { out_trade_no }: { out_trade_no: string }) => void booked.push(out_trade_no)
    orders = new OrderBook<typeof recharges.$inferSelect>({ db: database.db, table: recharges, prefix: 'C', book })
  })
  afterAll(() => database.close())

  const newOwner = async () => {
    owner++
    await database.query(`insert into users (mobile) values ('1380000000${owner}')`)
    return owner
  }
  const create = async () => orders.create({ owner: await newOwner(), total_fee: 700, client_ip: '127.0.0.1' })
  const pay = (out_trade_no: string, transaction_id: string, total_fee = 700, values = {}) =>
    orders.settle({ out_trade_no, transaction_id, total_fee }, values)
  const statusOf = async ({ id }: { id: number }) => (await orders.find({ id }))?.status

  it('are found by a value that is absent', async () => {
    const { id } = await create()
    expect((await orders.find({ id, prepay_id: null }))?.id).toBe(id)
  })

  it('are paid once, by a payment that fits', async () => {
    const order = await create()
    const { out_trade_no } = order
    await expect(pay(out_trade_no, 't1', 701)).rejects.toThrow('fits no order')
    await expect(pay('unknown', 't1')).rejects.toThrow('fits no order')
    await expect(pay(out_trade_no, 't1', 700, { owner: 999 })).rejects.toThrow('fits no order')
    expect(await statusOf(order)).toBe('created')
    const outcomes = await Promise.all([pay(out_trade_no, 't1'), pay(out_trade_no, 't1'), pay(out_trade_no, 't1')])
    expect(outcomes.sort()).toEqual(['repeated', 'repeated', 'settled'])
    await expect(pay(out_trade_no, 't2')).rejects.toThrow('fits no order')
    expect(booked.filter((number) => number === out_trade_no)).toHaveLength(1)
  })

  it('are never taken back once paid, and paid after they ended', async () => {
    const paid = await create()
    await pay(paid.out_trade_no, 'a1')
    await orders.setPlaced(paid, 'prepay')
    await orders.end(paid, 'closed')
    expect(await orders.find({ id: paid.id })).toMatchObject({ status: 'paid', prepay_id: null, transaction_id: 'a1' })
    for (const [status, transaction] of [
      ['closed', 'b1'],
      ['failed', 'c1']
    ] as const) {
      const ended = await create()
      await orders.end(ended, status)
      expect(await statusOf(ended)).toBe(status)
      expect(await pay(ended.out_trade_no, transaction)).toBe('settled')
    }
  })

  it('can be paid when one of two requests was refused', async () => {
    const order = await create()
    await orders.end(order, 'failed')
    await orders.setPlaced(order, 'prepay')
    expect(await orders.find({ id: order.id })).toMatchObject({ status: 'placed', prepay_id: 'prepay' })
    await orders.end(order, 'closed')
    await orders.setPlaced(order, 'prepay')
    expect(await statusOf(order)).toBe('closed')
  })

  it('are one for many taps, another for another price, and limited', async () => {
    const values = { owner: await newOwner(), total_fee: 100, client_ip: '127.0.0.1' }
    const taps = await Promise.all(
      Array.from({ length: 8 }, (_, i) => orders.open({ ...values, client_ip: `::${i}` }, LIMIT))
    )
    expect(new Set(taps.map((one) => one?.id)).size).toBe(1)
    expect((await orders.open({ ...values, total_fee: 101 }, LIMIT))?.id).not.toBe(taps[0]?.id)
    if (taps[0]) await orders.end(taps[0], 'closed')
    expect((await orders.open(values, LIMIT))?.id).not.toBe(taps[0]?.id)
    expect(await orders.open({ ...values, total_fee: 102 }, LIMIT)).toBeUndefined()
    expect(await orders.open(values, LIMIT)).toBeDefined()
  })

  it('are found by the sweep while they are open, the oldest first', async () => {
    const [first, second, third] = [await create(), await create(), await create()]
    await orders.end(second, 'closed')
    await database.query(`update recharges set ctime = ctime - interval '1 hour' where id = ${third.id}`)
    const open = (await orders.listOpen(new Date(Date.now() + 1000))).map(({ id }) => id)
    expect(open[0]).toBe(third.id)
    expect([open.includes(first.id), open.includes(second.id)]).toEqual([true, false])
    expect((await orders.listOpen(new Date(Date.now() - 60_000))).map(({ id }) => id)).toEqual([third.id])
  })
})
