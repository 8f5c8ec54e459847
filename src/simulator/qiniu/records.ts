/** A bucket (空间) and what the console lets one set for it. */
export interface QiniuBucket {
  readonly name: string
  readonly accessKey: string
  region: string
  private: boolean
  domains: string[]
  /** Mirror source (镜像回源): where a key that is absent is fetched from. */
  mirror?: string | undefined
  /** Key of the timestamp protection (时间戳防盗链) of the domains. */
  cdnKey?: string | undefined
}

/** An object in a bucket. */
export interface StoredObject {
  readonly bucket: string
  readonly key: string
  readonly data: Uint8Array
  readonly hash: string
  readonly md5: string
  mimeType: string
  /** 0 standard, 1 infrequent access, 2 archive, 3 deep archive, 4 archive with direct read. */
  type: number
  /** In units of 100 ns since the epoch (1970), as text: it does not fit a JavaScript number. Divide by 10,000 for milliseconds. */
  readonly putTime: string
  /** 1: disabled. */
  status: number
  endUser?: string | undefined
  /** Seconds since 1970 at which it is deleted. */
  expiration?: number | undefined
  /** Milliseconds at which a restored archive freezes again. */
  restoredUntil?: number | undefined
  /** Without the prefix `x-qn-meta-`. */
  metadata: Record<string, string>
  /** Sizes of the parts of a multipart upload. */
  readonly parts?: readonly number[] | undefined
}

export interface UploadPart {
  readonly etag: string
  readonly md5: string
  readonly data: Uint8Array
  readonly putTime: number
}

export interface MultipartUpload {
  readonly id: string
  readonly bucket: string
  readonly key: string | undefined
  readonly accessKey: string
  /** Seconds since 1970. */
  readonly expireAt: number
  readonly parts: Map<number, UploadPart>
}

/** A block of the older resumable upload. */
export interface UploadBlock {
  readonly accessKey: string
  readonly size: number
  readonly data: Uint8Array
  readonly expiredAt: number
}

export interface ProcessingItem {
  cmd: string
  code: number
  desc: string
  error?: string
  hash?: string
  key?: string
  returnOld: number
}

/** A persistent processing job (持久化处理). */
export interface ProcessingJob {
  readonly id: string
  readonly accessKey: string
  code: number
  desc: string
  readonly inputBucket: string
  readonly inputKey: string
  readonly pipeline: string
  readonly reqid: string
  readonly type: number
  readonly creationDate: string
  readonly notifyURL?: string | undefined
  items: ProcessingItem[]
}
