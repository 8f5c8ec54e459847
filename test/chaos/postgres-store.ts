import type { Pool } from 'pg'
import type { Store } from '../../src/core/index.ts'

/** A store in one table, as an application writes it that has PostgreSQL and no Redis. */
export function postgresStore(pool: Pool): Store {
  const alive = '(expires_at is null or expires_at > now())'
  const expiry = `case when $3::double precision is null then null else now() + $3::double precision * interval '1 ms' end`
  const count = async (text: string, values: unknown[]) => (await pool.query(text, values)).rowCount ?? 0
  return {
    get: async (key) => {
      const { rows } = await pool.query(`select value from chaos where key = $1 and ${alive}`, [key])
      return (rows[0] as { value: string } | undefined)?.value
    },
    set: async (key, value, ttlMs) => {
      await pool.query(
        `insert into chaos values ($1, $2, ${expiry}) on conflict (key) do update set value = $2, expires_at = excluded.expires_at`,
        [key, value, ttlMs ?? null]
      )
    },
    delete: async (key) => {
      await pool.query('delete from chaos where key = $1', [key])
    },
    setIfAbsent: async (key, value, ttlMs) =>
      (await count(
        `insert into chaos values ($1, $2, ${expiry})
         on conflict (key) do update set value = $2, expires_at = excluded.expires_at where chaos.expires_at <= now()`,
        [key, value, ttlMs ?? null]
      )) === 1,
    compareAndDelete: async (key, value) =>
      (await count(`delete from chaos where key = $1 and value = $2 and ${alive}`, [key, value])) === 1,
    extend: async (key, value, ttlMs) =>
      (await count(`update chaos set expires_at = ${expiry} where key = $1 and value = $2 and ${alive}`, [
        key,
        value,
        ttlMs
      ])) === 1
  }
}
