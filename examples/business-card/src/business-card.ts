import type { AppDefinition } from '../../shared/app.ts'
import { listenerOf } from '../../shared/fastify-app.ts'
import { forgetRequests } from '../../shared/requests.ts'
import { createApp, createContext } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { forgetEvents } from './models/cards.ts'
import { forgetFormIds } from './models/customers.ts'
import { prepare } from './seed.ts'

export const businessCard: AppDefinition<Config> = {
  name: 'business-card',
  folder: new URL('../', import.meta.url),
  readConfig,
  build: async (parts) => {
    const context = createContext(parts)
    await prepare(context)
    const { db, orders, chat, background } = context
    const forget = async () => void (await Promise.all([forgetEvents(db), forgetFormIds(db), forgetRequests(db)]))
    return {
      listener: await listenerOf(createApp(context)),
      sweeps: [orders.sweep, { name: 'forget', everySeconds: 3600, run: forget }],
      close: async () => {
        chat.close()
        await background.close()
      }
    }
  }
}
