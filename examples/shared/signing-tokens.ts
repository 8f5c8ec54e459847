import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Seal } from './seal.ts'

const TTL_MS = 30 * 24 * 3600_000
/** Calls that are under way while somebody logs in again. */
const PREVIOUS_MS = 60_000

/** Columns of a user whose token signs requests, for which it is needed in clear: sealed, with the one before it. */
export interface TokenColumns {
  token_sealed: string | null
  token_changed_at: Date | null
  previous_token_sealed: string | null
}

export const newToken = () => randomBytes(32).toString('base64url')
export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex')

/** Columns of a login: what was the token is the one before it. */
export function tokenValues(seal: Seal, token: string, table: { token_sealed: PgColumn; token_hash: PgColumn }) {
  return {
    token_sealed: seal.seal('token', token),
    token_hash: hashToken(token),
    token_changed_at: new Date(),
    previous_token_sealed: sql`${table.token_sealed}`,
    previous_token_hash: sql`${table.token_hash}`
  }
}

/** Opens the tokens of a user. It takes as long for a user that does not exist: then no token fits. */
export class SigningTokens {
  readonly #seal: Seal
  readonly #nobody: string

  constructor(seal: Seal) {
    this.#seal = seal
    this.#nobody = seal.seal('token', newToken())
  }

  /** Those that sign now, with two of nobody's for what is missing. */
  of(user: TokenColumns | undefined, now = Date.now()): { token: string; isValid: boolean }[] {
    const ageMs = now - (user?.token_changed_at?.getTime() ?? 0)
    return [
      { sealed: user?.token_sealed, ttlMs: TTL_MS },
      { sealed: user?.previous_token_sealed, ttlMs: PREVIOUS_MS }
    ].map(({ sealed, ttlMs }) => ({
      token: this.#seal.open('token', sealed ?? this.#nobody),
      isValid: typeof sealed === 'string' && ageMs < ttlMs
    }))
  }
}
