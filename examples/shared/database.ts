import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { claimFolder } from './claim-folder.ts'

export type Database = PgDatabase<PgQueryResultHKT, Record<string, never>>

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
  close(): Promise<void>
}

/** Opens the database and brings its tables up to date. Several processes may start at once. */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  return options.url ? openPostgres(options.url, options.migrations) : openPglite(options.folder, options.migrations)
}

const MIGRATION_LOCK = 726_354_001

async function openPostgres(url: string, migrationsFolder: string): Promise<OpenDatabase> {
  const { default: pg } = await import('pg')
  const { drizzle } = await import('drizzle-orm/node-postgres')
  const { migrate } = await import('drizzle-orm/node-postgres/migrator')
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5_000 })
  // A connection that breaks is replaced by the pool; without both listeners it would end the process, the first while it is
  // idle, the second in the middle of a transaction. Whoever uses it is told by the query that fails.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  const client = await pool.connect().catch((cause: unknown) => {
    throw new Error('DATABASE_URL: the database cannot be used', { cause })
  })
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder })
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK])
    client.release()
  }
  return { db: drizzle(pool) as unknown as Database, kind: 'postgres', close: () => pool.end() }
}

async function openPglite(folder: string | undefined, migrationsFolder: string): Promise<OpenDatabase> {
  const { isInMemory, openPgliteClient } = await import('./pglite.ts')
  const { drizzle } = await import('drizzle-orm/pglite')
  const { migrate } = await import('drizzle-orm/pglite/migrator')
  const release = folder === undefined || isInMemory(folder) ? () => undefined : claimFolder(folder)
  const client = await openPgliteClient(folder)
  const db = drizzle(client)
  await migrate(db, { migrationsFolder })
  return { db: db as unknown as Database, kind: 'pglite', close: () => client.close().finally(release) }
}
