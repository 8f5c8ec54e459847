import type { AppDefinition } from '../../shared/app.ts'
import { PATIENCE_MS, syncPayments } from '../../shared/sync-payment.ts'
import { createApp, createContext } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { seedDevices } from './seed.ts'
import { createServices } from './services.ts'

export const topUp: AppDefinition<Config> = {
  name: 'top-up',
  folder: new URL('../', import.meta.url),
  readConfig,
  build: async (parts) => {
    const context = createContext({ ...parts, ...createServices(parts) })
    if (!parts.config.isReal) await seedDevices(parts.db)
    const { recharges, expenses, pay, log } = context
    const sync = async () => {
      const open = await recharges.listOpen(new Date(Date.now() - PATIENCE_MS))
      await syncPayments(
        pay,
        open.map((one) => recharges.asOpenPayment(one)),
        log
      )
    }
    return {
      listener: createApp(context).callback(),
      sweeps: [
        { name: 'recharges', everySeconds: 60, run: sync },
        { name: 'expenses', everySeconds: 10, run: () => expenses.endExhausted() }
      ]
    }
  }
}
