import type { AppDefinition } from '../../shared/app.ts'
import { forgetRequests } from '../../shared/requests.ts'
import { PATIENCE_MS, syncPayments } from '../../shared/sync-payment.ts'
import { type Context, createApp, createContext } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { seed } from './seed.ts'
import { createServices } from './services.ts'

export const walletShop: AppDefinition<Config> = {
  name: 'wallet-shop',
  folder: new URL('../', import.meta.url),
  readConfig,
  build: async (parts) => {
    if (!parts.config.isReal) await seed(parts.db)
    const context = createContext({ ...parts, ...createServices(parts) })
    return {
      listener: createApp(context),
      sweeps: [
        { name: 'top-ups', everySeconds: 60, run: () => sweepTopUps(context) },
        { name: 'requests', everySeconds: 3600, run: () => forgetRequests(parts.db) }
      ]
    }
  }
}

/** Top-ups whose notification did not come. */
async function sweepTopUps({ pay, topUps, log }: Context): Promise<void> {
  const orders = await topUps.listOpen(new Date(Date.now() - PATIENCE_MS))
  await syncPayments(
    pay,
    orders.map((order) => topUps.asOpenPayment(order)),
    log
  )
}
