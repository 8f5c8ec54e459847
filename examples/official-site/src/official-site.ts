import type { AppDefinition } from '../../shared/app.ts'
import { hashPassword } from '../../shared/passwords.ts'
import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { Admins } from './models/accounts.ts'
import { createServices, GATEWAY_PATH } from './services.ts'

export const officialSite: AppDefinition<Config> = {
  name: 'official-site',
  folder: new URL('../', import.meta.url),
  readConfig,
  gatewayPath: GATEWAY_PATH,
  build: async (parts) => {
    const { config, db, log } = parts
    if (config.unused.length > 0) log(`has no use for ${config.unused.join(', ')}: see "Environment" in API.md`)
    if (config.ADMIN_PASSWORD)
      await new Admins(db).createIfAbsent(config.ADMIN_NAME, await hashPassword(config.ADMIN_PASSWORD))
    return { listener: createApp({ ...parts, ...createServices(parts) }) }
  }
}
