import type { AppDefinition } from '../../shared/app.ts'
import { hashPassword } from '../../shared/passwords.ts'
import { createApp, createContext } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { Admins } from './models/accounts.ts'
import { createServices, GATEWAY_PATH } from './services.ts'
import { sweepPayouts } from './sweeps.ts'

export const officialSite: AppDefinition<Config> = {
  name: 'official-site',
  folder: new URL('../', import.meta.url),
  readConfig,
  gatewayPath: GATEWAY_PATH,
  build: async (parts) => {
    const { config, db, log } = parts
    if (config.unused.length > 0) log(`has no use for ${config.unused.join(', ')}: see "Environment" in API.md`)
    const admins = new Admins(db)
    if (config.ADMIN_PASSWORD) await admins.createIfAbsent(config.ADMIN_NAME, await hashPassword(config.ADMIN_PASSWORD))
    if (await admins.isEmpty()) log('has no administrator, so that nobody can refund or pay out: set ADMIN_PASSWORD')
    const context = createContext({ ...parts, ...createServices(parts) })
    if (context.upstream.controlUrl) await context.products.seedIfEmpty()
    return {
      listener: createApp(context),
      sweeps: [context.orders.sweep, { name: 'payouts', everySeconds: 60, run: () => sweepPayouts(context) }]
    }
  }
}
