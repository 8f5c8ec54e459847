import { UnexpectedResponseError } from '../errors/index.ts'
import type { PreparedUpload } from './prepared-upload.ts'

/** The response to an upload: with `returnBody` or a callback its fields, and always key and hash. */
export interface UploadResult {
  /** Name of the object. */
  readonly key: string
  /** The object's hash (etag). Where the response lacks it: computed locally, over blocks of 4 MiB. */
  readonly hash: string
  /** Task of `persistentOps`, for `processing.status`. */
  readonly persistentId?: string
  readonly [field: string]: unknown
}

// With returnBody the field may be anything.
const ETAG = /^[Fl][\w-]{27}$/

/**
 * Completes the response with what is known here, and compares the hash where Qiniu itself named it.
 *
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when the object is not what was sent, or its name is not known
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
      `${operation}: the object has the hash ${given}, but what was sent has ${computed}: it was changed on its way or by another writer. Upload it again.`,
      { product: 'qiniu' }
    )
  }
  const name =
    typeof key === 'string' ? key : (upload.key ?? (isNamedByHash && isHashComparable ? computed : undefined))
  if (name === undefined) {
    throw new UnexpectedResponseError(
      `${operation}: the object is stored (hash ${computed}), but the response does not name its key. Put "key":$(key) into returnBody, let the callback return it, or give a key.`,
      { product: 'qiniu' }
    )
  }
  return { ...fields, key: name, hash: typeof hash === 'string' ? hash : computed }
}
