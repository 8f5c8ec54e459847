import { createHash, timingSafeEqual } from 'node:crypto'
import { eq, or, type SQL } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import { RateLimit, type Store } from 'weixin-kit'
import type { Database } from '../../shared/database.ts'
import { LARGEST_ID } from '../../shared/numbers.ts'
import { hashToken, type SigningTokens } from '../../shared/signing-tokens.ts'
import { customers, staff } from '../migrations/schema.ts'
import { AppError } from './error-codes.ts'
import type { Fields } from './input.ts'
import { selectCustomers } from './models/customers.ts'

export type Staff = typeof staff.$inferSelect
export type Customer = typeof customers.$inferSelect & { company_id: number }
export type Role = 'customer' | 'staff'

/** Who signed a request, and with which token. */
export type Signer = { token: string /** What makes a request unique; a bearer token has none. */; mark?: string } & (
  | { role: 'customer'; user: Customer }
  | { role: 'staff'; user: Staff }
)

const RAND = /^[\da-f]{32}$/
const TIMESTAMP = /^\d{13}$/
const USER_ID = /^[1-9]\d{0,9}$/

/** `md5(timestamp + token)`: `account.str_encrypt` of the document. */
export const sign = (timestamp: string, token: string) =>
  createHash('md5')
    .update(timestamp + token)
    .digest('hex')

export interface SignatureOptions {
  db: Database
  store: Store
  tokens: SigningTokens
  windowSeconds: number
}

/** Checks `rand_str`, `timestamp` and `user_id` of the query, or `Authorization: Bearer <token>`. */
export class Signatures {
  readonly #options: SignatureOptions
  readonly #wrong: RateLimit

  constructor(options: SignatureOptions) {
    this.#options = options
    this.#wrong = new RateLimit({ store: options.store, name: 'signatures', limit: 30, windowSeconds: 600 })
  }

  /** Who signed, in one of the roles. An unknown user is answered like a wrong signature. */
  async check(request: FastifyRequest, roles: readonly Role[]): Promise<Signer> {
    const { rand_str, timestamp, user_id } = request.query as Fields
    if ([rand_str, timestamp, user_id].some(Array.isArray)) throw new AppError(301)
    const bearer = /^Bearer ([\w-]{43})$/i.exec(request.headers.authorization ?? '')?.[1]
    for (const role of roles) {
      const signer =
        bearer === undefined
          ? await this.#bySignature(role, String(rand_str), String(timestamp), String(user_id))
          : await this.#byToken(role, bearer, user_id)
      if (!signer) continue
      if (!signer.user.is_enabled) throw new AppError(306)
      return signer
    }
    // Right signatures do not count, so that nobody is locked out by somebody else.
    if (!(await this.#wrong.take(`${String(user_id).slice(0, 20)} ${request.ip}`)).allowed) throw new AppError(429)
    throw new AppError(404)
  }

  async #bySignature(role: Role, rand: string, timestamp: string, userId: string): Promise<Signer | undefined> {
    const { tokens, windowSeconds } = this.#options
    if (!RAND.test(rand) || !TIMESTAMP.test(timestamp) || !USER_ID.test(userId)) return undefined
    if (Math.abs(Date.now() - Number(timestamp)) > windowSeconds * 1000) return undefined
    const found = await this.#find(role, (table) => eq(table.id, Math.min(Number(userId), LARGEST_ID)))
    let token: string | undefined
    for (const one of tokens.of(found?.user)) {
      const isSame = timingSafeEqual(Buffer.from(sign(timestamp, one.token)), Buffer.from(rand))
      if (isSame && one.isValid) token ??= one.token
    }
    return found && token !== undefined ? { ...found, token, mark: `${timestamp} ${rand}` } : undefined
  }

  async #byToken(role: Role, token: string, userId: unknown): Promise<Signer | undefined> {
    const hash = hashToken(token)
    const found = await this.#find(role, (table) => or(eq(table.token_hash, hash), eq(table.previous_token_hash, hash)))
    const isValid = this.#options.tokens.of(found?.user).some((one) => one.isValid && one.token === token)
    const isNamed = userId === undefined || userId === String(found?.user.id)
    return found && isValid && isNamed ? { ...found, token } : undefined
  }

  async #find(role: Role, where: (table: typeof customers | typeof staff) => SQL | undefined) {
    const { db } = this.#options
    if (role === 'staff') {
      const [user] = await db.select().from(staff).where(where(staff))
      return user && { role, user }
    }
    const [user] = await selectCustomers(db).where(where(customers))
    return user && { role, user }
  }
}
