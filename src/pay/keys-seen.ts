import type { PlatformKey } from './platform-key.ts'

/** A key with which something genuine was signed. */
export interface KeySeen {
  readonly id: string
  readonly kind: 'publicKey' | 'certificate'
  /** Verified answers and notifications since the client was made. */
  readonly answers: number
  readonly notifications: number
  readonly lastSeenAt: Date
}

export type SignedThing = 'answer' | 'notification'

/** Counts what was signed with which key of the platform. */
export class KeysSeen {
  readonly #seen = new Map<string, { kind: PlatformKey['kind']; answer: number; notification: number; at: number }>()

  note(key: PlatformKey, thing: SignedThing, at: number): void {
    let entry = this.#seen.get(key.id)
    if (!entry) {
      entry = { kind: key.kind, answer: 0, notification: 0, at }
      this.#seen.set(key.id, entry)
    }
    entry[thing]++
    entry.at = at
  }

  list(): KeySeen[] {
    return [...this.#seen].map(([id, { kind, answer, notification, at }]) => ({
      id,
      kind,
      answers: answer,
      notifications: notification,
      lastSeenAt: new Date(at)
    }))
  }
}
