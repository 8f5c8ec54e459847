import type { RequestListener } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { Logger, Store } from 'weixin-kit'
import { type Database, type OpenDatabase, openDatabase } from './database.ts'
import type { ServerConfig } from './environment.ts'
import { listen, stopListening } from './http-server.ts'
import { openStore } from './store.ts'
import { type Sweep, startSweeps } from './sweep.ts'
import { openUpstream, type Upstream } from './upstream.ts'

/** What an app gets to build itself from. */
export interface AppParts<Config extends ServerConfig> {
  config: Config
  db: Database
  store: Store
  upstream: Upstream
  log: (line: string) => void
  logger: Logger
}

/** What an app is when it is built. */
export interface BuiltApp {
  listener: RequestListener
  /** Work that is done from time to time, by one process of all. */
  sweeps?: readonly Sweep[]
  close?(): Promise<void>
}

export interface AppDefinition<Config extends ServerConfig> {
  name: string
  /** Folder of the app, with `migrations/` and an optional `.env`. */
  folder: URL
  readConfig(environment: NodeJS.ProcessEnv): Config
  /** Path at which the app takes messages of WeChat, for a simulator of its own. */
  gatewayPath?: string
  build(parts: AppParts<Config>): BuiltApp | Promise<BuiltApp>
}

export interface RunningApp<Config extends ServerConfig> {
  url: string
  config: Config
  upstream: Upstream
  database: OpenDatabase
  store: Store
  /** Runs a sweep now, unless another process is at it. */
  sweep(name: string): Promise<void>
  close(): Promise<void>
}

/** Starts an app with everything that it needs; `upstream` is opened from the environment unless it is given. */
export async function startApp<Config extends ServerConfig>(
  { name, folder, readConfig, gatewayPath, build }: AppDefinition<Config>,
  environment: NodeJS.ProcessEnv,
  given?: Upstream
): Promise<RunningApp<Config>> {
  const config = readConfig(environment)
  const log = (line: string) => console.error(`${name} ${line}`)
  const logger: Logger = { warn: log, error: log }
  const { isReal, SIMULATOR_URL: simulatorUrl, PUBLIC_URL: url } = config
  const gatewayUrl = gatewayPath === undefined ? undefined : url + gatewayPath
  const upstream = given ?? (await openUpstream({ isReal, simulatorUrl, gatewayUrl }))
  const migrations = fileURLToPath(new URL('migrations', folder))
  const database = await openDatabase({ url: config.DATABASE_URL, folder: config.DATA_FOLDER, migrations })
  const { store, close: closeStore } = await openStore(config.REDIS_URL, `${name}:`)
  const app = await build({ config, db: database.db, store, upstream, log, logger })
  const server = await listen(app.listener, config.PORT, config.HOST)
  const sweeps = startSweeps(app.sweeps ?? [], store, log)
  return {
    url,
    config,
    upstream,
    database,
    store,
    sweep: (sweep) => sweeps.run(sweep),
    close: async () => {
      await Promise.all([stopListening(server), sweeps.stop()])
      await app.close?.()
      await Promise.all([database.close(), closeStore(), given ? undefined : upstream.close()])
    }
  }
}
