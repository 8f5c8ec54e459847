import { fileURLToPath } from 'node:url'
import type { Logger } from 'weixin-kit'
import { openDatabase } from '../../shared/database.ts'
import { listen, stopListening } from '../../shared/http-server.ts'
import { openStore } from '../../shared/store.ts'
import { openUpstream, type Upstream } from '../../shared/upstream.ts'
import { createApp } from './app.ts'
import { type Config, readConfig, unusedVariables } from './config.ts'
import { Admins } from './models/accounts.ts'
import { hashPassword } from './passwords.ts'
import { createServices } from './services.ts'

export interface RunningApp {
  url: string
  config: Config
  upstream: Upstream
  close(): Promise<void>
}

/** Starts the app with everything it needs; `upstream` is opened from the environment unless it is given. */
export async function start(environment: NodeJS.ProcessEnv, given?: Upstream): Promise<RunningApp> {
  const config = readConfig(environment)
  const log = (line: string) => console.error(`official-site ${line}`)
  const logger: Logger = { warn: (message) => log(message), error: (message) => log(message) }
  const unused = unusedVariables(environment)
  if (unused.length > 0) log(`has no use for ${unused.join(', ')}: see "Environment" in API.md`)
  const upstream =
    given ??
    (await openUpstream({
      isReal: config.isReal,
      simulatorUrl: config.SIMULATOR_URL,
      gatewayUrl: `${config.PUBLIC_URL}/extensions/wx/gateway/`
    }))
  const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
  const database = await openDatabase({ url: config.DATABASE_URL, folder: config.DATA_FOLDER, migrations })
  const { store, close: closeStore } = await openStore(config.REDIS_URL, 'official-site:')
  if (config.ADMIN_PASSWORD) {
    await new Admins(database.db).createIfAbsent(config.ADMIN_NAME, await hashPassword(config.ADMIN_PASSWORD))
  }
  const services = createServices(config, upstream, store, logger)
  const server = await listen(createApp({ ...services, config, db: database.db, store, log }), config.PORT, config.HOST)
  return {
    url: config.PUBLIC_URL,
    config,
    upstream,
    close: async () => {
      await stopListening(server)
      await Promise.all([database.close(), closeStore(), given ? undefined : upstream.close()])
    }
  }
}
