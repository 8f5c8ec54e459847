import type { AppDefinition } from '../../shared/app.ts'
import { listenerOf } from '../../shared/fastify-app.ts'
import { forgetRequests } from '../../shared/requests.ts'
import { PATIENCE_MS, syncPayments } from '../../shared/sync-payment.ts'
import { type Context, createApp, createContext } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { forgetEvents } from './models/cards.ts'
import { forgetFormIds } from './models/customers.ts'
import { openOrders } from './models/orders.ts'
import { asOpenPayment } from './routes/pay.ts'
import { prepare } from './seed.ts'

export const businessCard: AppDefinition<Config> = {
  name: 'business-card',
  folder: new URL('../', import.meta.url),
  readConfig,
  build: async (parts) => {
    const context = createContext(parts)
    await prepare(context)
    const { db } = context
    const forget = async () => void (await Promise.all([forgetEvents(db), forgetFormIds(db), forgetRequests(db)]))
    return {
      listener: await listenerOf(createApp(context)),
      sweeps: [
        { name: 'orders', everySeconds: 60, run: () => syncOrders(context) },
        { name: 'forget', everySeconds: 3600, run: forget }
      ],
      close: () => context.close()
    }
  }
}

/** Orders whose notification did not come: each is looked up with the account that it was placed with. */
async function syncOrders({ db, merchants, log }: Context): Promise<void> {
  for (const order of await openOrders(db, new Date(Date.now() - PATIENCE_MS))) {
    const merchant = await merchants.get(order.uuid)
    if (merchant) await syncPayments(merchant.pay, [asOpenPayment(db, order)], log)
  }
}
