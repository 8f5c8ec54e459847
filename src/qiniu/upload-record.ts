import type { Store } from '../core/store.ts'

export interface UploadedPart {
  partNumber: number
  etag: string
  /** Hash of the part's bytes: only identical bytes are skipped when the upload continues. */
  md5: string
}

/** State of a resumable upload. */
export interface UploadRecord {
  uploadId: string
  /** Seconds since 1970. */
  expireAt: number
  partSize: number
  bucket: string
  key: string | null
  parts: UploadedPart[]
}

/** Keeps the state of one upload in a store, so that it can continue in another call or process. */
export class UploadJournal {
  readonly #store: Store
  readonly #key: string

  constructor(store: Store, owner: { accessKey: string; bucket: string }, id: string) {
    this.#store = store
    this.#key = `weixin-kit:qiniu:${owner.accessKey}:upload:${owner.bucket}:${id}`
  }

  async load(): Promise<UploadRecord | undefined> {
    const raw = await this.#store.get(this.#key)
    if (raw === undefined) return undefined
    try {
      const record = JSON.parse(raw) as Partial<UploadRecord>
      return typeof record.uploadId === 'string' && Array.isArray(record.parts) ? (record as UploadRecord) : undefined
    } catch {
      // Someone else wrote to our key: the upload starts over and replaces it.
      return undefined
    }
  }

  async save(record: UploadRecord, nowSeconds: number): Promise<void> {
    await this.#store.set(this.#key, JSON.stringify(record), Math.max(1, record.expireAt - nowSeconds) * 1000)
  }

  async forget(): Promise<void> {
    await this.#store.delete(this.#key)
  }
}
