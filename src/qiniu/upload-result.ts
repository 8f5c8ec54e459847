import { UnexpectedResponseError } from '../errors/index.ts'
import type { PreparedUpload } from './prepared-upload.ts'

/** Result of an upload: key and hash, and the fields of `returnBody` or the callback's response. */
export interface UploadResult {
  /** Name of the object. */
  readonly key: string
  /** The object's hash (etag). If the response lacks it, it is computed locally over blocks of 4 MiB. */
  readonly hash: string
  /** Task of `persistentOps`, for `processing.status`. */
  readonly persistentId?: string
  readonly [field: string]: unknown
}

// With returnBody the field may be anything.
const ETAG = /^[Fl][\w-]{27}$/

/**
 * Completes the response with local values, and compares the hash if Qiniu itself returned it.
 *
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE if the object differs from what was sent, or its name is
 * unknown
 */
export function finishUpload(
  upload: PreparedUpload,
  response: unknown,
  computed: string,
  isHashComparable: boolean
): UploadResult {
  const { operation, isResponseOfQiniu, isNamedByHash } = upload
  const fields = typeof response === 'object' && response !== null && !Array.isArray(response) ? response : { response }
  const { key, hash } = fields as { key?: unknown; hash?: unknown }
  const given = typeof hash === 'string' && ETAG.test(hash) ? hash : undefined
  if (isHashComparable && isResponseOfQiniu && given !== undefined && given !== computed) {
    throw new UnexpectedResponseError(
      `${operation}: the object has the hash ${given}, but the sent bytes have ${computed}: it was changed in transit or by another writer. Upload it again.`,
      { product: 'qiniu' }
    )
  }
  const name =
    typeof key === 'string' ? key : (upload.key ?? (isNamedByHash && isHashComparable ? computed : undefined))
  if (name === undefined) {
    throw new UnexpectedResponseError(
      `${operation}: the object is stored (hash ${computed}), but the response does not name its key. Put "key":$(key) into returnBody, let the callback return it, or set a key.`,
      { product: 'qiniu' }
    )
  }
  return { ...fields, key: name, hash: typeof hash === 'string' ? hash : computed }
}
