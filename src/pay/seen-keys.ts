import type { PlatformKey } from './platform-key.ts'

/** A platform key seen on a verified message. */
export interface SeenPlatformKey {
  readonly id: string
  readonly kind: 'publicKey' | 'certificate'
  /** Verified responses since the client was created. */
  readonly responses: number
  /** Verified notifications since the client was created. */
  readonly notifications: number
  readonly lastSeenAt: Date
}

export type MessageKind = 'response' | 'notification'

/** Counts the messages signed by each platform key. */
export class SeenKeys {
  readonly #seen = new Map<string, { kind: PlatformKey['kind']; response: number; notification: number; at: number }>()

  note(key: PlatformKey, kind: MessageKind, at: number): void {
    let entry = this.#seen.get(key.id)
    if (!entry) {
      entry = { kind: key.kind, response: 0, notification: 0, at }
      this.#seen.set(key.id, entry)
    }
    entry[kind]++
    entry.at = at
  }

  list(): SeenPlatformKey[] {
    return [...this.#seen].map(([id, { kind, response, notification, at }]) => ({
      id,
      kind,
      responses: response,
      notifications: notification,
      lastSeenAt: new Date(at)
    }))
  }
}
