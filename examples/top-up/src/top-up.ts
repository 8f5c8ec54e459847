import type { AppDefinition } from '../../shared/app.ts'
import { createApp, createContext } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { seedDevices } from './seed.ts'
import { createServices } from './services.ts'

export const topUp: AppDefinition<Config> = {
  name: 'top-up',
  folder: new URL('../', import.meta.url),
  readConfig,
  build: async (parts) => {
    if (!parts.config.isReal) await seedDevices(parts.db)
    const context = createContext({ ...parts, ...createServices(parts) })
    const { recharges, expenses } = context
    const exhausted = { name: 'expenses', everySeconds: 10, run: () => expenses.endExhausted() }
    return { listener: createApp(context).callback(), sweeps: [recharges.sweep, exhausted] }
  }
}
