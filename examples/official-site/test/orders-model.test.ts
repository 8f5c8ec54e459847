import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openDatabase } from '../../shared/database.ts'
import { Orders } from '../src/models/orders.ts'

const migrations = fileURLToPath(new URL('../migrations', import.meta.url))

it('answers the order as it is when it was paid while it was being placed', async () => {
  const database = await openDatabase({ folder: 'memory://', migrations })
  try {
    const orders = new Orders(database.db)
    const order = await orders.create('openid', '奶茶', 500)
    await orders.settle({ out_trade_no: order.out_trade_no, transaction_id: '4200000001', total_fee: 500 })
    const placed = await orders.setPlaced(order, 'wx-prepay')
    expect(placed).toMatchObject({ status: 'paid', transaction_id: '4200000001' })
  } finally {
    await database.close()
  }
})
