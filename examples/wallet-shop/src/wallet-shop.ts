import type { AppDefinition } from '../../shared/app.ts'
import { forgetRequests } from '../../shared/requests.ts'
import { createApp, createContext } from './app.ts'
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
    const forget = { name: 'requests', everySeconds: 3600, run: () => forgetRequests(parts.db) }
    return { listener: createApp(context), sweeps: [context.topUps.sweep, forget] }
  }
}
