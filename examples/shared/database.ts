import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Client } from 'pg'
import { claimFolder } from './claim-folder.ts'
import { closeWhenOverdue } from './recovering-client.ts'

export type Database = PgDatabase<PgQueryResultHKT, Record<string, never>>
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]

export interface DatabaseOptions {
  /** `postgres://…` selects a real PostgreSQL; without it PGlite keeps the data in `folder` (or in memory). */
  url?: string | undefined
  folder?: string | undefined
  /** Folder with Drizzle's migrations. */
  migrations: string
}

export interface OpenDatabase {
  db: Database
  kind: 'postgres' | 'pglite'
  /** Rows of a query as text, for what Drizzle would only get in the way of: the checks of the tests. */
  query<Row extends object>(text: string): Promise<Row[]>
  close(): Promise<void>
}

/** Opens the database and brings its tables up to date. Several processes may start at once. */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  return options.url ? openPostgres(options.url, options.migrations) : openPglite(options.folder, options.migrations)
}

const MIGRATION_LOCK = 726_354_001
const CONNECTING = { connectionTimeoutMillis: 10_000, keepAlive: true, keepAliveInitialDelayMillis: 10_000 }
/**
 * A host that vanishes closes no connection: without the first an app waits for ever, with ten such waits its pool is used up
 * and it never recovers. The second ends the work on the server, a little earlier, so that a slow query has its own error.
 */
const TIMEOUTS = { query_timeout: 11_000, statement_timeout: 10_000, idle_in_transaction_session_timeout: 30_000 }

async function openPostgres(url: string, migrationsFolder: string): Promise<OpenDatabase> {
  const { default: pg } = await import('pg')
  const { drizzle } = await import('drizzle-orm/node-postgres')
  const { migrate } = await import('drizzle-orm/node-postgres/migrator')
  await migrateAlone(new pg.Client({ connectionString: url, ...CONNECTING }), async (client) =>
    migrate(drizzle(client), { migrationsFolder })
  )
  const pool = new pg.Pool({ connectionString: url, max: 10, ...CONNECTING, ...TIMEOUTS })
  // A connection that breaks is replaced by the pool; without both listeners it would end the process, the first while it is
  // idle, the second in the middle of a transaction. Whoever uses it is told by the query that fails.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    closeWhenOverdue(client)
  })
  return {
    db: drizzle(pool) as unknown as Database,
    kind: 'postgres',
    query: async <Row extends object>(text: string) => (await pool.query<Row>(text)).rows,
    close: () => pool.end()
  }
}

/** Several processes that start at once wait for each other, however long the first one takes. */
async function migrateAlone(client: Client, migrateWith: (client: Client) => Promise<void>): Promise<void> {
  client.on('error', () => undefined)
  await client.connect().catch((cause: unknown) => {
    throw new Error('DATABASE_URL: the database cannot be used', { cause })
  })
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migrateWith(client)
  } finally {
    await client.end()
  }
}

async function openPglite(folder: string | undefined, migrationsFolder: string): Promise<OpenDatabase> {
  const { isInMemory, openPgliteClient } = await import('./pglite.ts')
  const { drizzle } = await import('drizzle-orm/pglite')
  const { migrate } = await import('drizzle-orm/pglite/migrator')
  const release = folder === undefined || isInMemory(folder) ? () => undefined : claimFolder(folder)
  const client = await openPgliteClient(folder)
  const db = drizzle(client)
  await migrate(db, { migrationsFolder })
  return {
    db: db as unknown as Database,
    kind: 'pglite',
    query: async <Row extends object>(text: string) => (await client.query<Row>(text)).rows,
    close: () => client.close().finally(release)
  }
}
