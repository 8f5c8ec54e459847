import { SignatureError } from '../errors/index.ts'
import { inStep } from '../internal/name-error.ts'
import { SingleFlight } from '../internal/single-flight.ts'
import { normaliseSerial } from './common/certificate-info.ts'
import type { PlatformKey } from './platform-key.ts'
import type { MessageKind, SeenKeys } from './seen-keys.ts'

/** Maximum age of downloaded certificates. (获取平台证书列表: 建议 12 小时) */
const REFRESH_AFTER_MS = 12 * 3_600_000
/**
 * An unknown serial number triggers a download at most this often: anyone can send a notification with a made-up one.
 */
const COOLDOWN_MS = 60_000
/** After a failed download; shorter, because nothing works without certificates. */
const FAILED_COOLDOWN_MS = 5_000

export interface PlatformKeyRingOptions {
  /** Configured keys that have not expired. */
  keys: readonly PlatformKey[]
  preferredKey: string | undefined
  now: () => number
  /** Downloads and verifies the platform's certificates; `undefined` in public-key mode. */
  download: (() => Promise<PlatformKey[]>) | undefined
  warn: (message: string) => void
  seen: SeenKeys
}

/** Holds the keys of the platform: the configured ones and downloaded certificates. Every unexpired one is kept. */
export class PlatformKeyRing {
  readonly #options: PlatformKeyRingOptions
  readonly #keys: Map<string, PlatformKey>
  #configured: readonly string[]
  #preferredKey: string | undefined
  readonly #flight = new SingleFlight<void>()
  #downloadedAt = Number.NEGATIVE_INFINITY
  #failedAt = Number.NEGATIVE_INFINITY

  constructor(options: PlatformKeyRingOptions) {
    this.#options = options
    this.#keys = new Map(options.keys.map((key) => [key.id, key]))
    this.#configured = options.keys.map((key) => key.id)
    this.#preferredKey = options.preferredKey
  }

  /** Replaces the configured keys; downloaded certificates stay. */
  replace(keys: readonly PlatformKey[], preferredKey: string | undefined): void {
    const configured = new Set(this.#configured)
    for (const id of configured) this.#keys.delete(id)
    for (const key of keys) this.#keys.set(key.id, key)
    this.#configured = keys.map((key) => key.id)
    this.#preferredKey = preferredKey
  }

  /** Returns the key with the serial number of a message, if it is available. */
  find(serial: string): PlatformKey | undefined {
    const key = this.#keys.get(serial) ?? this.#keys.get(serial.replace(/^0+(?=.)/, ''))
    if (key?.notAfter !== undefined && !isAlive(key, this.#options.now())) return undefined
    return key
  }

  /**
   * Returns the key with the serial number of a message. In certificate mode an unknown one triggers another download
   * of the list, at most once a minute.
   *
   * @throws {SignatureError} ERR_SIGNATURE_UNKNOWN_SERIAL
   */
  async findOrDownload(serial: string): Promise<PlatformKey> {
    const now = this.#options.now()
    let cause: unknown
    if (this.#options.download && /^[0-9A-F]{8,40}$/.test(serial) && !this.#isCoolingDown(now)) {
      // The failure of this second call must not look like one of the call whose response is being verified.
      await this.refresh().catch((error: unknown) => {
        cause = error
      })
    }
    const key = this.find(serial)
    if (key) return key
    const reason = cause instanceof Error ? ` The download failed: ${cause.message}` : ''
    throw new SignatureError('unknown_serial', this.#explainUnknown(serial) + reason, {
      product: 'pay',
      ...(cause === undefined ? {} : { cause })
    })
  }

  /** Returns the key for encrypted fields and `Wechatpay-Serial`. */
  async preferred(): Promise<PlatformKey> {
    const now = this.#options.now()
    if (!this.#pick(now)) await this.refresh()
    else this.refreshIfStale()
    const key = this.#pick(now)
    if (key) return key
    throw new SignatureError('unknown_serial', 'WeChat Pay returned no valid platform certificate.', {
      product: 'pay'
    })
  }

  /** Like {@link preferred}, but only if it is available. */
  preferredNow(): PlatformKey | undefined {
    return this.#pick(this.#options.now())
  }

  /** Starts a download in the background if the last one is half a day old. Its failure has no effect. */
  refreshIfStale(): void {
    const now = this.#options.now()
    if (!this.#options.download || isWithin(REFRESH_AFTER_MS, this.#downloadedAt, now) || this.#isCoolingDown(now))
      return
    this.refresh().catch((error: unknown) => {
      this.#options.warn(`The platform certificates could not be refreshed: ${String(error)}`)
    })
  }

  /** Downloads the certificates now; concurrent callers share one download. */
  refresh(): Promise<void> {
    return this.#flight.run('certificates', async () => {
      try {
        const fresh = await inStep('platformKeys', async () => (await this.#options.download?.()) ?? [])
        for (const key of fresh) this.#keys.set(key.id, key)
        // Expired certificates are neither used nor deleted: the clock may be wrong.
        this.#downloadedAt = this.#options.now()
      } catch (error) {
        this.#failedAt = this.#options.now()
        throw error
      }
    })
  }

  /** Counts a verified message, and checks whether the certificates are due. */
  note(key: PlatformKey, kind: MessageKind): void {
    const { seen, now, download } = this.#options
    seen.note(key, kind, now())
    if (download) this.refreshIfStale()
  }

  #pick(now: number): PlatformKey | undefined {
    const preferredKey = this.#preferredKey
    const alive = [...this.#keys.values()].filter((key) => isAlive(key, now))
    const chosen = preferredKey === undefined ? undefined : alive.find((key) => key.id === preferredKey)
    if (chosen) return chosen
    const publicKey = alive.find((key) => key.kind === 'publicKey')
    if (publicKey) return publicKey
    return alive.sort((a, b) => (b.notAfter ?? 0) - (a.notAfter ?? 0))[0]
  }

  #isCoolingDown(now: number): boolean {
    return isWithin(COOLDOWN_MS, this.#downloadedAt, now) || isWithin(FAILED_COOLDOWN_MS, this.#failedAt, now)
  }

  #explainUnknown(serial: string): string {
    const shown = /^[0-9A-Za-z_]{1,80}$/.test(serial) ? serial : '(not shown: it has unexpected characters)'
    const known = [...this.#keys.keys()].join(', ') || 'none yet'
    const expired = this.#keys.get(normaliseSerial(serial))
    const advice = expired
      ? 'That certificate has expired.'
      : shown.startsWith('PUB_KEY_ID_')
        ? 'Add this WeChat Pay public key to platformKeys (merchant platform, API 安全, 微信支付公钥).'
        : this.#options.download
          ? 'It is not among the downloaded certificates: the message is probably not from WeChat Pay, or is for another merchant.'
          : 'Add that platform certificate to platformKeys, or set downloadCertificates: true while you migrate to the public key.'
    return `Signed with a key that is not configured: Wechatpay-Serial ${shown}; known are ${known}. ${advice}`
  }
}

/** Not for a time in the future: a clock that was set back must not stop downloads until it has caught up. */
function isWithin(spanMs: number, since: number, now: number): boolean {
  return now >= since && now - since < spanMs
}

function isAlive(key: PlatformKey, now: number): boolean {
  return key.notAfter === undefined || key.notAfter > now
}
