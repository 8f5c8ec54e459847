import { ConfigError } from '../../errors/index.ts'
import type { DeliveryKind, DeliverySpec, DeliveryTarget, DeliveryTargets, FetchHandler } from './delivery.ts'
import { refuseRemoteUrl } from './production-url.ts'
import { realFetch } from './send-callback.ts'

export const NO_TARGET = 'no target: set `deliver` (or --notify-base)'

/** Where a callback goes; without `send` nowhere, and `problem` says why. */
export interface Destination {
  readonly send: FetchHandler | undefined
  readonly url: string
  readonly problem?: string
}

/** The targets of callbacks, by kind and account. */
export class TargetBook {
  readonly #targets: DeliveryTargets
  readonly #allowed: readonly string[]

  constructor(targets: DeliveryTargets) {
    this.#targets = { ...targets }
    this.#allowed = targets.allowHosts ?? []
    for (const [kind, target] of Object.entries(targets)) if (kind !== 'allowHosts') this.#check(kind, target)
  }

  /** Sets or replaces the target of a kind. */
  set(kind: DeliveryKind, target: DeliveryTarget | Readonly<Record<string, DeliveryTarget>>): void {
    this.#check(kind, target)
    Object.assign(this.#targets, { [kind]: target })
  }

  /** The target of a kind, if it has one. */
  find(kind: DeliveryKind, account: string | undefined): DeliveryTarget | undefined {
    const byKind = (this.#targets as Record<string, unknown>)[kind] ?? this.#targets.default
    if (typeof byKind === 'function' || typeof byKind === 'string' || byKind instanceof URL)
      return byKind as DeliveryTarget
    const byAccount = byKind as Record<string, DeliveryTarget> | undefined
    return byAccount?.[account ?? ''] ?? byAccount?.['*']
  }

  /** Of one callback: its own URL counts only where there is no handler, and only on this machine. */
  resolve(spec: DeliverySpec): Destination {
    const target = this.find(spec.kind, spec.account)
    if (typeof target === 'function') return { send: target, url: spec.url ?? 'https://app.example.com/callback' }
    const own = spec.url === undefined ? undefined : parse(spec.url)
    if (spec.url !== undefined && !own) return { send: undefined, url: spec.url, problem: 'the URL is malformed' }
    if (target !== undefined) {
      const base = new URL(target)
      if (!own) return { send: realFetch, url: base.href }
      const prefix = base.pathname.replace(/\/$/, '')
      return { send: realFetch, url: `${base.origin}${prefix}${own.pathname}${own.search}` }
    }
    if (!own) return { send: undefined, url: '', problem: NO_TARGET }
    try {
      refuseRemoteUrl(own, 'notify_url', this.#allowed)
    } catch {
      return { send: undefined, url: own.href, problem: `refused: ${own.hostname} is not this machine; ${NO_TARGET}` }
    }
    return { send: realFetch, url: own.href }
  }

  #check(kind: string, target: unknown): void {
    if (typeof target === 'string' || target instanceof URL) refuseRemoteUrl(target, `deliver.${kind}`, this.#allowed)
    else if (typeof target === 'object' && target !== null)
      for (const [account, inner] of Object.entries(target)) this.#check(`${kind}.${account}`, inner)
    else if (typeof target !== 'function' && target !== undefined) {
      throw new ConfigError(`\`deliver.${kind}\` must be a handler or a URL.`, { option: kind, product: 'simulator' })
    }
  }
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
