import type { ObjectRef } from './object-ref.ts'

/** Qiniu's record of an object. Source: Qiniu, "stat". */
export interface ObjectInfo {
  /** Bytes. */
  fsize: number
  hash: string
  mimeType: string
  /** 0 standard, 1 infrequent access, 2 archive, 3 deep archive, 4 archive with direct read. */
  type: number
  /**
   * Time of the upload in units of 100 ns since the epoch (1970), as text: it does not fit a JavaScript number. Divide by 10,000 for
   * milliseconds.
   */
  putTime: string
  md5?: string
  /** 1: disabled. */
  status?: number
  /** 1: being restored, 2: restored. */
  restoreStatus?: number
  endUser?: string
  /** Seconds since 1970. */
  expiration?: number
  'x-qn-meta'?: Record<string, string>
  [field: string]: unknown
}

/** An object in a listing, with its key. */
export interface ListedObject extends ObjectInfo {
  key: string
}

/** Filter of a listing. */
export interface ListParams {
  bucket?: string | undefined
  prefix?: string | undefined
  /** Groups keys by it in `commonPrefixes`; usually `/`. */
  delimiter?: string | undefined
  /** Objects per page, 1 to 1000. */
  limit?: number | undefined
  /** Where the previous page ended. */
  marker?: string | undefined
}

/** A page of a listing. */
export interface ListPage {
  items: ListedObject[]
  commonPrefixes: string[]
  /** Absent on the last page. */
  marker?: string
}

/** Parameters of a copy. */
export interface CopyParams {
  from: ObjectRef
  to: ObjectRef
  /** Whether to replace an existing object. */
  force?: boolean | undefined
}
