import {
  callback,
  checkOptions,
  integer,
  type OptionRules,
  objectWith,
  optional,
  record,
  text
} from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { ConfigError } from '../errors/index.ts'
import { objectKey } from './check-put-policy.ts'
import { BLOCK_BYTES } from './etag.ts'
import type { PutPolicy } from './put-policy.ts'

/**
 * Source of an upload. A Node `Readable` is an async iterable. All sources except streams can be read again, so that an
 * upload can start over.
 */
export type UploadSource =
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | { readonly file: string | URL }
  | { readonly url: string | URL }

/** Progress of an upload. */
export interface UploadProgress {
  /** Bytes stored or sent so far. */
  uploadedBytes: number
  /** Total number of bytes; absent while the length is unknown. */
  totalBytes?: number
}

/** Parameters of `qiniu.upload`. */
export interface UploadParams {
  /** Name of the object; without it Qiniu names it by `policy.saveKey` or its hash. */
  key?: string | undefined
  /** Additional fields of the put policy; scope and deadline are filled in. */
  policy?: Omit<PutPolicy, 'key' | 'scope'> | undefined
  /** Value of `$(fname)`; default: the last part of the key. */
  fileName?: string | undefined
  mimeType?: string | undefined
  /** Custom variables: names begin with `x:`, values are not empty. */
  variables?: Readonly<Record<`x:${string}`, string>> | undefined
  /** Names begin with `x-qn-meta-`. */
  metadata?: Readonly<Record<`x-qn-meta-${string}`, string>> | undefined
  /** Bytes of a part of a large upload, 1 MiB to 1 GiB; one part is held in memory. Default 4 MiB, where the hash can be verified. */
  partSize?: number | undefined
  /** Called after each uploaded part. */
  onProgress?: ((progress: UploadProgress) => void) | undefined
  /** Remembers the uploaded parts; an upload with the same `id` and content continues after a crash or an abort. */
  resume?: { readonly store: Store; readonly id: string } | undefined
}

const MIN_PART_BYTES = 1024 * 1024
const MAX_PART_BYTES = 1024 * 1024 * 1024

const RULES: OptionRules = {
  key: optional(objectKey),
  policy: optional(record),
  fileName: optional(text()),
  mimeType: optional(text(/^[\w.+-]+\/[\w.+-]+( *;[^\r\n]*)?$/, 'a type such as image/png')),
  variables: optional(stringRecord('x:', false)),
  metadata: optional(stringRecord('x-qn-meta-', true)),
  partSize: optional(integer(MIN_PART_BYTES, MAX_PART_BYTES)),
  onProgress: optional(callback),
  resume: optional(record)
}

/**
 * Checks the parameters of an upload.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM
 */
export function checkUploadParams(params: UploadParams): { partSize: number; fileName: string; mimeType: string } {
  const context = { owner: 'upload', product: 'qiniu', of: 'params' } as const
  checkOptions(params, RULES, context)
  if (params.resume) {
    const store = objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')
    checkOptions(
      params.resume,
      { store: { check: store, required: true }, id: { check: text(), required: true } },
      { ...context, owner: 'upload resume' }
    )
  }
  const policy = (params.policy ?? {}) as PutPolicy
  if (policy.key !== undefined || policy.scope !== undefined) {
    throw new ConfigError(
      'upload: the scope of the token follows from "key"; leave "key" and "scope" out of "policy".',
      {
        code: 'ERR_INVALID_PARAM',
        option: 'policy',
        product: 'qiniu'
      }
    )
  }
  return {
    partSize: params.partSize ?? BLOCK_BYTES,
    fileName: params.fileName ?? (params.key?.split('/').pop() || 'file'),
    mimeType: params.mimeType ?? 'application/octet-stream'
  }
}

function stringRecord(prefix: string, mayBeEmpty: boolean) {
  return (value: unknown): string | undefined => {
    const wrong = record(value)
    if (wrong) return wrong
    for (const [name, item] of Object.entries(value as object)) {
      if (!name.startsWith(prefix) || !/^[\w:.-]+$/.test(name)) return `has names that do not begin with "${prefix}"`
      if (typeof item !== 'string' || (item === '' && !mayBeEmpty)) return 'must have non-empty strings as values'
      if (/[\r\n]/.test(item)) return 'has a line break in a value'
    }
    return undefined
  }
}
