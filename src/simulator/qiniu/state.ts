import { createHash } from 'node:crypto'
import { etag } from '../crypto/qiniu.ts'
import type { QiniuAccount } from '../framework/accounts.ts'
import { BoundedMap } from '../framework/bounded-map.ts'
import type { SimulatorContext } from '../framework/context.ts'
import { QiniuFailure } from './failure.ts'
import type { MultipartUpload, ProcessingJob, QiniuBucket, StoredObject, UploadBlock, UploadPart } from './records.ts'

export interface NewObject {
  readonly bucket: string
  readonly key: string
  readonly data: Uint8Array
  readonly mimeType: string
  readonly type?: number | undefined
  readonly endUser?: string | undefined
  readonly deleteAfterDays?: number | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly partSizes?: readonly number[] | undefined
  /** Where it is known already. */
  readonly hash?: string
}

const DAY_SECONDS = 86_400

/** Everything that the simulated storage holds. */
export class QiniuState {
  readonly context: SimulatorContext
  readonly buckets = new Map<string, QiniuBucket>()
  readonly objects: BoundedMap<string, StoredObject>
  readonly uploads: BoundedMap<string, MultipartUpload>
  readonly blocks: BoundedMap<string, UploadBlock>
  readonly jobs: BoundedMap<string, ProcessingJob>
  readonly fetches: BoundedMap<string, { readonly bucket: string; done: boolean }>
  /** Content that `fetch` finds at a URL, for tests. */
  readonly sources: BoundedMap<string, { readonly data: Uint8Array; readonly mimeType: string }>
  callbackScheme: 'QBox' | 'Qiniu' = 'QBox'
  readonly frozen = new Set<string>()
  readonly failingCommands: { text: string; desc: string }[] = []
  #storedBytes = 0
  #lastPutTime = 0n

  constructor(context: SimulatorContext) {
    const { limits, accounts } = context
    this.context = context
    this.objects = new BoundedMap(limits.records, (object) => this.#count(-object.data.length))
    this.uploads = new BoundedMap(limits.records, (upload) => this.#count(-bytesOf(upload)))
    this.blocks = new BoundedMap(limits.records, (block) => this.#count(-block.data.length))
    this.jobs = new BoundedMap(limits.records)
    this.fetches = new BoundedMap(limits.records)
    this.sources = new BoundedMap(1_000)
    for (const { accessKey, bucket, domain, region, private: isPrivate } of accounts.qiniu)
      this.buckets.set(bucket, { name: bucket, accessKey, region, private: isPrivate, domains: [bareHost(domain)] })
  }

  /** Bytes of objects and unfinished uploads. */
  get storedBytes(): number {
    return this.#storedBytes
  }

  account(accessKey: string): QiniuAccount | undefined {
    return this.context.accounts.qiniu.find((one) => one.accessKey === accessKey)
  }

  /** The bucket of this account, or 631. */
  bucket(name: string, accessKey: string): QiniuBucket {
    const bucket = this.buckets.get(name)
    if (bucket?.accessKey !== accessKey) throw new QiniuFailure(631)
    return bucket
  }

  find(bucket: string, key: string): StoredObject | undefined {
    const id = `${bucket}:${key}`
    const object = this.objects.get(id)
    if (object?.expiration === undefined || object.expiration > this.context.clock.seconds()) return object
    this.remove(bucket, key)
    return undefined
  }

  put(fresh: NewObject): StoredObject {
    const { bucket, key, data } = fresh
    const old = this.objects.get(`${bucket}:${key}`)
    this.reserve(data.length)
    if (old) this.remove(bucket, key)
    const object: StoredObject = {
      bucket,
      key,
      data,
      hash: fresh.hash ?? etag(data, fresh.partSizes),
      md5: createHash('md5').update(data).digest('hex'),
      mimeType: fresh.mimeType,
      type: fresh.type ?? 0,
      putTime: this.putTime(),
      status: 0,
      endUser: fresh.endUser,
      expiration: fresh.deleteAfterDays ? this.daysFromNow(fresh.deleteAfterDays) : undefined,
      metadata: { ...fresh.metadata },
      parts: fresh.partSizes
    }
    this.objects.set(`${bucket}:${key}`, object)
    this.#count(data.length)
    return object
  }

  /** Puts the same bytes under another name. */
  copy(object: StoredObject, bucket: string, key: string): StoredObject {
    const { data, mimeType, type, endUser, metadata, parts, hash } = object
    const copy = this.put({ bucket, key, data, mimeType, type, endUser, metadata, partSizes: parts, hash })
    copy.expiration = object.expiration
    return copy
  }

  remove(bucket: string, key: string): boolean {
    const object = this.objects.get(`${bucket}:${key}`)
    if (!object) return false
    this.#count(-object.data.length)
    return this.objects.delete(`${bucket}:${key}`)
  }

  addPart(upload: MultipartUpload, number: number, part: UploadPart): void {
    this.reserve(part.data.length, upload.id)
    this.#count(part.data.length - (upload.parts.get(number)?.data.length ?? 0))
    upload.parts.set(number, part)
  }

  dropUpload(upload: MultipartUpload): void {
    if (this.uploads.delete(upload.id)) this.#count(-bytesOf(upload))
  }

  setBlock(ctx: string, block: UploadBlock, replaces?: string): void {
    this.reserve(block.data.length)
    if (replaces !== undefined) this.dropBlock(replaces)
    this.blocks.set(ctx, block)
    this.#count(block.data.length)
  }

  dropBlock(ctx: string): void {
    const block = this.blocks.get(ctx)
    if (block && this.blocks.delete(ctx)) this.#count(-block.data.length)
  }

  /** Makes room by dropping the oldest objects, then the oldest unfinished uploads. */
  reserve(bytes: number, keepUpload?: string): void {
    const { objectBytes } = this.context.limits
    if (bytes > objectBytes)
      throw new QiniuFailure(413, `larger than limits.objectBytes of the simulator (${objectBytes})`)
    for (const [id, object] of this.objects) {
      if (this.#storedBytes + bytes <= objectBytes) return
      this.#count(-object.data.length)
      this.objects.delete(id)
    }
    for (const upload of this.uploads.values()) {
      if (this.#storedBytes + bytes <= objectBytes) return
      if (upload.id !== keepUpload) this.dropUpload(upload)
    }
    for (const ctx of this.blocks.keys()) {
      if (this.#storedBytes + bytes <= objectBytes) return
      this.dropBlock(ctx)
    }
  }

  daysFromNow(days: number): number {
    return this.context.clock.seconds() + days * DAY_SECONDS
  }

  /** Never twice the same. */
  putTime(): string {
    const now = BigInt(Math.floor(this.context.clock.now())) * 10_000n
    this.#lastPutTime = now > this.#lastPutTime ? now : this.#lastPutTime + 1n
    return String(this.#lastPutTime)
  }

  /** Counts again after a restore. */
  recount(): void {
    this.#storedBytes = 0
    for (const object of this.objects.values()) this.#count(object.data.length)
    for (const upload of this.uploads.values()) this.#count(bytesOf(upload))
    for (const block of this.blocks.values()) this.#count(block.data.length)
  }

  #count(bytes: number): void {
    this.#storedBytes += bytes
  }
}

function bytesOf(upload: MultipartUpload): number {
  let bytes = 0
  for (const part of upload.parts.values()) bytes += part.data.length
  return bytes
}

/** A domain without scheme and trailing slash. */
export function bareHost(domain: string): string {
  return domain
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')
    .toLowerCase()
}
