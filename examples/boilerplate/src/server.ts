import { fileURLToPath } from 'node:url'
import type { Logger } from 'weixin-kit'
import { openDatabase } from '../../shared/database.ts'
import { listen, stopListening } from '../../shared/http-server.ts'
import { openStore } from '../../shared/store.ts'
import { openUpstream, type Upstream } from '../../shared/upstream.ts'
import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { WECHAT_API } from './paths.ts'
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
  const log = (line: string) => console.error(`boilerplate ${line}`)
  const logger: Logger = { warn: (message) => log(message), error: (message) => log(message) }
  const upstream =
    given ??
    (await openUpstream({
      isReal: config.isReal,
      simulatorUrl: config.SIMULATOR_URL,
      gatewayUrl: `${config.PUBLIC_URL}${WECHAT_API}/wechat-mp/gateway`
    }))
  const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
  const database = await openDatabase({ url: config.DATABASE_URL, folder: config.DATA_FOLDER, migrations })
  const { store, close: closeStore } = await openStore(config.REDIS_URL, 'boilerplate:')
  const services = createServices(config, upstream, store, logger)
  const app = createApp({ ...services, config, db: database.db, store, log })
  const server = await listen(app.callback(), config.PORT, config.HOST)
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
