import { ApiError, ConnectionError, type Product, UnexpectedResponseError } from '../errors/index.ts'
import { SingleFlight } from '../internal/single-flight.ts'
import { waitUnlessAborted } from '../internal/wait-unless-aborted.ts'
import { acquireLock } from './lock.ts'
import type { Logger } from './logger.ts'
import { safeLogger } from './safe-logger.ts'
import type { Store } from './store.ts'

export interface FetchedToken {
  value: string
  expiresInSeconds: number
}

export interface TokenManagerOptions {
  product: Product
  store: Store
  /** Key in the store, e.g. `weixin-kit:wx123:access_token`. Never contains the secret. */
  key: string
  /** Gets a token from the upstream; `force` asks it to replace a token that is still valid. */
  fetchToken(mode: 'normal' | 'force'): Promise<FetchedToken>
  /** A normal fetch invalidates the previous token, so a refused token may cause at most one per minute. */
  normalFetchReplaces?: boolean | undefined
  clock?: (() => number) | undefined
  logger?: Logger | undefined
  /** With less time left than this, the old token is returned and a new one fetched in the background. */
  advisoryMs?: number | undefined
  /** With less time left than this, callers wait for the new token. */
  mandatoryMs?: number | undefined
}

interface TokenRecord {
  value: string
  expiresAt: number
  /** TTL at the time of the fetch; the remaining time cannot exceed it. Absent in records of older versions. */
  lifeMs?: number | undefined
}

/** WeChat issues the next stable token five minutes before expiry: an earlier request returns the same one. */
const ADVISORY_MS = 240_000
const MANDATORY_MS = 30_000
const LOCK_TTL_MS = 15_000
/** How long this process trusts its own copy before it reads the store again. */
const LOCAL_MS = 5_000
const BACKGROUND_PAUSE_MS = 30_000
const FORCE_PAUSE_MS = 60_000
/** How far the clocks of processes may differ. */
const CLOCK_TOLERANCE_MS = 60_000
const FAILURE_MS = 1_000
/** IP list, AppSecret, daily quota: somebody has to act first. */
const LASTING_FAILURE_MS = 5_000
const LONGEST_LIFE_SECONDS = 366 * 24 * 3600

/**
 * Manages one expiring credential (access token, ticket) for all callers and processes: two-tier expiry, one fetch at a
 * time per process and, through a lock in the store, across processes.
 */
export class TokenManager {
  readonly #options: TokenManagerOptions
  readonly #flights = new SingleFlight<TokenRecord>()
  #local: { record: TokenRecord; readAt: number } | undefined
  #backgroundAt = Number.NEGATIVE_INFINITY
  /** An error that no retry fixes, remembered so that many callers do not keep asking. */
  #failure: { error: ApiError; at: number; forMs: number } | undefined

  constructor(options: TokenManagerOptions) {
    this.#options = options
  }

  /** The token, if it is in memory and needs no renewal. */
  current(): string | undefined {
    const local = this.#local
    if (!local) return undefined
    const now = this.#now()
    if (!isWithin(LOCAL_MS, now, local.readAt)) return undefined
    const isFresh = lifeMs(local.record, now) >= (this.#options.advisoryMs ?? ADVISORY_MS)
    return isFresh ? local.record.value : undefined
  }

  /** Seconds for which the last returned token can be used; 0 if unknown. */
  expiresInSeconds(): number {
    const record = this.#local?.record
    return record ? Math.max(0, Math.floor(this.#lifeMs(record) / 1000)) : 0
  }

  /** Returns the current token. An aborted `signal` ends only this caller's wait. */
  async get(signal?: AbortSignal): Promise<string> {
    const record = this.#fresh(this.#local) ?? (await this.#shared('read', () => this.#readOrFetch(), signal))
    if (this.#lifeMs(record) < (this.#options.advisoryMs ?? ADVISORY_MS)) this.#refreshInBackground()
    return record.value
  }

  /** Removes `token` if it is still the stored one; a newer one stays. Returns whether it was removed. */
  async invalidate(token: string): Promise<boolean> {
    const { store, key } = this.#options
    if (this.#local?.record.value === token) this.#local = undefined
    const raw = await store.get(key)
    return raw !== undefined && parseRecord(raw)?.value === token && (await store.compareAndDelete(key, raw))
  }

  /**
   * Makes the upstream replace a token that is still valid: at most once a minute across all processes, because the
   * upstream allows only a few. Within that minute the current token is returned.
   */
  async forceRefresh(signal?: AbortSignal): Promise<string> {
    return (await this.#shared('force', () => this.#forceUnderLock(undefined), signal)).value
  }

  /**
   * Returns a token other than `refused`, which the upstream did not accept: the stored one if it differs, else a
   * fetched one, else a forced one, at most once a minute. Returns `refused` itself if none of these differs.
   */
  async replaceRefused(refused: string, signal?: AbortSignal): Promise<string> {
    if (this.#options.normalFetchReplaces) {
      if (this.#local?.record.value === refused) this.#local = undefined
      const stored = await this.#readStore()
      if (stored && stored.value !== refused) return stored.value
    } else {
      await this.invalidate(refused)
      const next = await this.get(signal)
      if (next !== refused) return next
    }
    return (await this.#shared('force', () => this.#forceUnderLock(refused), signal)).value
  }

  async #readOrFetch(): Promise<TokenRecord> {
    const stored = await this.#readStore()
    return stored ?? this.#fetchUnderLock(undefined)
  }

  /** The stored record, if enough time is left to return it. */
  async #readStore(): Promise<TokenRecord | undefined> {
    const raw = await this.#options.store.get(this.#options.key)
    const record = raw === undefined ? undefined : parseRecord(raw)
    if (!record || this.#lifeMs(record) < (this.#options.mandatoryMs ?? MANDATORY_MS)) return undefined
    this.#local = { record, readAt: this.#now() }
    return record
  }

  /** `stale` is the value to replace: any other usable one in the store ends the work. */
  async #fetchUnderLock(stale: string | undefined): Promise<TokenRecord> {
    const { store, key } = this.#options
    let found: TokenRecord | undefined
    const look = async () => {
      const record = await this.#readStore()
      found = record && record.value !== stale ? record : undefined
      return found !== undefined
    }
    const lock = await acquireLock(store, `${key}:lock`, {
      ttlMs: LOCK_TTL_MS,
      waitMs: LOCK_TTL_MS + 1_000,
      until: look
    })
    if (found) return found
    try {
      await look()
      return found ?? (await this.#fetchAndStore('normal'))
    } finally {
      // If the release fails, others only wait for the lock to expire; the fetched token is what matters.
      await lock?.release().catch(() => undefined)
    }
  }

  /** Under the lock, so that no older token overwrites the forced one and others wait for it. */
  async #forceUnderLock(refused: string | undefined): Promise<TokenRecord> {
    const { store, key } = this.#options
    const lock = await acquireLock(store, `${key}:lock`, { ttlMs: LOCK_TTL_MS, waitMs: LOCK_TTL_MS + 1_000 })
    try {
      const stored = await this.#readStore()
      if (stored && refused !== undefined && stored.value !== refused) return stored
      const isAllowed = await store.setIfAbsent(`${key}:forced`, '1', FORCE_PAUSE_MS)
      if (isAllowed) return await this.#force()
      return stored ?? (await this.#fetchAndStore('normal'))
    } finally {
      await lock?.release().catch(() => undefined)
    }
  }

  async #force(): Promise<TokenRecord> {
    const { store, key } = this.#options
    try {
      return await this.#fetchAndStore('force')
    } catch (error) {
      // The upstream has not counted it, so that the next call may try again at once.
      if (error instanceof ConnectionError && !error.requestSent)
        await store.delete(`${key}:forced`).catch(() => undefined)
      throw error
    }
  }

  async #fetchAndStore(mode: 'normal' | 'force'): Promise<TokenRecord> {
    const { store, key, product } = this.#options
    if (mode === 'normal' && this.#failure && isWithin(this.#failure.forMs, this.#now(), this.#failure.at))
      throw this.#failure.error
    const { value, expiresInSeconds } = await this.#options.fetchToken(mode).catch((error: unknown) => {
      if (mode === 'normal') this.#remember(error)
      throw error
    })
    this.#failure = undefined
    // Without an expiry it would never be renewed, with a TTL of 0 it would be fetched for every call.
    if (
      typeof value !== 'string' ||
      value === '' ||
      !(expiresInSeconds > 0 && expiresInSeconds <= LONGEST_LIFE_SECONDS)
    ) {
      const message = `${key}: the upstream returned no value, or no expiry of 1 to ${LONGEST_LIFE_SECONDS} seconds.`
      throw new UnexpectedResponseError(message, { product })
    }
    const lifeMs = Math.round(expiresInSeconds * 1000)
    const record = { value, expiresAt: this.#now() + lifeMs, lifeMs }
    this.#local = { record, readAt: this.#now() }
    await store.set(key, JSON.stringify(record), lifeMs)
    return record
  }

  #remember(error: unknown): void {
    if (!(error instanceof ApiError) || error.retryable) return
    const isLasting = error.kind === 'config' || error.kind === 'quota' || error.kind === 'restricted'
    this.#failure = { error, at: this.#now(), forMs: isLasting ? LASTING_FAILURE_MS : FAILURE_MS }
  }

  #refreshInBackground(): void {
    const now = this.#now()
    if (isWithin(BACKGROUND_PAUSE_MS, now, this.#backgroundAt)) return
    this.#backgroundAt = now
    const stale = this.#local?.record.value
    this.#flights
      .run('refresh', () => this.#fetchUnderLock(stale))
      .catch((error: unknown) =>
        this.#warn(`could not be renewed ahead of expiry; the old one is still used: ${String(error)}`)
      )
  }

  /** Nothing awaits background work: a logger that throws would end the process. */
  #warn(message: string): void {
    const { product, logger, key } = this.#options
    safeLogger(logger)?.warn?.(`${key} ${message}`, { product })
  }

  #shared(name: string, task: () => Promise<TokenRecord>, signal?: AbortSignal): Promise<TokenRecord> {
    signal?.throwIfAborted()
    return waitUnlessAborted(this.#flights.run(name, task), signal)
  }

  #fresh(local: { record: TokenRecord; readAt: number } | undefined): TokenRecord | undefined {
    if (!local || !isWithin(LOCAL_MS, this.#now(), local.readAt)) return undefined
    return this.#lifeMs(local.record) >= (this.#options.mandatoryMs ?? MANDATORY_MS) ? local.record : undefined
  }

  #lifeMs(record: TokenRecord): number {
    return lifeMs(record, this.#now())
  }

  #now(): number {
    return (this.#options.clock ?? Date.now)()
  }
}

/** 0 if the clock was set back since: the age of the token is then unknown. */
function lifeMs({ expiresAt, lifeMs: whole }: TokenRecord, now: number): number {
  const leftMs = expiresAt - now
  return whole !== undefined && leftMs > whole + CLOCK_TOLERANCE_MS ? 0 : leftMs
}

/** Also true if the clock was set back: that must not extend a period. */
function isWithin(periodMs: number, now: number, since: number): boolean {
  return Math.abs(now - since) <= periodMs
}

function parseRecord(raw: string): TokenRecord | undefined {
  try {
    const { value, expiresAt, lifeMs } = JSON.parse(raw) as Partial<TokenRecord>
    if (typeof value !== 'string' || typeof expiresAt !== 'number') return undefined
    return { value, expiresAt, lifeMs: typeof lifeMs === 'number' ? lifeMs : undefined }
  } catch {
    // Someone else wrote to our key: treat it as absent and replace it.
    return undefined
  }
}
