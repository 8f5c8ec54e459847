import { decideMimeType } from './mime-type.ts'
import { describeJob } from './processing.ts'
import type { QiniuBucket, StoredObject } from './records.ts'
import { bareHost, type QiniuState } from './state.ts'

/** Settings of a bucket that the console has. */
export interface QiniuBucketSettings {
  readonly region?: string | undefined
  readonly private?: boolean | undefined
  /** Domains of `accounts`, or test domains (`….bkt.clouddn.com`, `….qiniudn.com`); no others are routed. */
  readonly domains?: readonly string[] | undefined
  /** Mirror source (镜像回源): the base URL that absent keys are fetched from. */
  readonly mirror?: string | undefined
  /** Key of the timestamp protection (时间戳防盗链). */
  readonly cdnKey?: string | undefined
  /** Account that owns a new bucket; the first by default. */
  readonly accessKey?: string | undefined
}

/** An object as a test sees it. */
export type QiniuObject = Readonly<StoredObject>

/** What a test may look at and change in the storage: `simulator.qiniu`. */
export interface QiniuControl {
  /**
   * The object of a key in a bucket, the first bucket by default.
   *
   * @param key Key of the object.
   * @param bucket The first bucket if absent.
   */
  object(key: string, bucket?: string): QiniuObject | undefined
  /**
   * Objects of a bucket in the order of their upload.
   *
   * @param bucket The first bucket if absent.
   */
  objects(bucket?: string): QiniuObject[]
  /**
   * Puts an object without an upload.
   *
   * @param key Key of the object.
   * @param data Its content.
   * @param options `bucket`: the first one if absent; `mimeType`: guessed if absent.
   */
  put(
    key: string,
    data: Uint8Array | string,
    options?: { bucket?: string | undefined; mimeType?: string | undefined }
  ): QiniuObject
  /**
   * Deletes an object.
   *
   * @param key Key of the object.
   * @param bucket The first bucket if absent.
   * @returns Whether it existed.
   */
  remove(key: string, bucket?: string): boolean
  /**
   * Makes a bucket or changes its settings, and returns it.
   *
   * @param name Name of the bucket.
   * @param settings What changes.
   */
  bucket(name: string, settings?: QiniuBucketSettings): Readonly<QiniuBucket>
  /**
   * Scheme of the signature of callbacks: `QBox` at first, without a date; `Qiniu` comes with a signed `X-Qiniu-Date`.
   *
   * @param scheme `QBox` or `Qiniu`.
   */
  signCallbacksWith(scheme: 'QBox' | 'Qiniu'): void
  /**
   * Content that `fetch`, mirrors and asynchronous fetches find at a URL.
   *
   * @param url Where the content is.
   * @param data The content.
   * @param mimeType Its type.
   */
  source(url: string, data: Uint8Array | string, mimeType?: string): void
  /**
   * Lets the next processing command that contains this text fail.
   *
   * @param command Part of the command.
   * @param error Message of the failure.
   */
  failProcessing(command: string, error?: string): void
  /**
   * A persistent processing job, as `prefop` shows it.
   *
   * @param persistentId Number of the job.
   */
  job(persistentId: string): Readonly<Record<string, unknown>> | undefined
  /**
   * Freezes an account (419) or thaws it.
   *
   * @param isFrozen Default `true`.
   * @param accessKey The first account if absent.
   */
  freeze(isFrozen?: boolean, accessKey?: string): void
  /** Lets a resumable upload or block expire: 612 and 701 from then on. */
  expireUploads(): void
  /** Bytes held in memory. */
  readonly storedBytes: number
  /** Every simulated call, as `POST rs/delete/*rest`: the service stands for its hosts. */
  readonly endpoints: readonly string[]
}

/** @internal */
export function createQiniuControl(state: QiniuState, endpoints: readonly string[]): QiniuControl {
  const firstAccount = () => {
    const [account] = state.context.accounts.qiniu
    if (!account) throw new RangeError('The simulator was made without an account of kind qiniu.')
    return account
  }
  const bucketName = (bucket: string | undefined) => {
    const name = bucket ?? firstAccount().bucket
    if (!state.buckets.has(name)) throw new RangeError(`The simulator has no bucket ${JSON.stringify(name)}.`)
    return name
  }
  return {
    object: (key, bucket) => state.find(bucketName(bucket), key),
    objects: (bucket) => [...state.objects.values()].filter((object) => object.bucket === bucketName(bucket)),
    put: (key, data, options = {}) => {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data
      const mimeType = decideMimeType(0, { data: bytes, mimeType: options.mimeType, fname: undefined, key })
      return state.put({ bucket: bucketName(options.bucket), key, data: bytes, mimeType })
    },
    remove: (key, bucket) => state.remove(bucketName(bucket), key),
    bucket: (name, settings = {}) => {
      const { domains, accessKey, ...rest } = settings
      const held: QiniuBucket = state.buckets.get(name) ?? {
        name,
        accessKey: accessKey ?? firstAccount().accessKey,
        region: 'z0',
        private: false,
        domains: []
      }
      Object.assign(held, rest)
      if (domains) held.domains = domains.map(bareHost)
      state.buckets.set(name, held)
      return held
    },
    signCallbacksWith: (scheme) => {
      state.callbackScheme = scheme
    },
    source: (url, data, mimeType = 'application/octet-stream') => {
      state.sources.set(url, { data: typeof data === 'string' ? Buffer.from(data) : data, mimeType })
    },
    failProcessing: (command, error = 'the simulated processing failed') => {
      state.failingCommands.push({ text: command, desc: error })
    },
    job: (id) => {
      const job = state.jobs.get(id)
      return job && describeJob(job)
    },
    freeze: (isFrozen = true, accessKey = firstAccount().accessKey) => {
      if (isFrozen) state.frozen.add(accessKey)
      else state.frozen.delete(accessKey)
    },
    expireUploads: () => {
      for (const upload of [...state.uploads.values()]) state.dropUpload(upload)
      for (const ctx of [...state.blocks.keys()]) state.dropBlock(ctx)
    },
    get storedBytes() {
      return state.storedBytes
    },
    endpoints
  }
}
