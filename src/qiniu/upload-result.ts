import { UnexpectedResponseError } from '../errors/index.ts'

/** What Qiniu answered to an upload: with `returnBody` or a callback its fields, and always key and hash. */
export interface UploadResult {
  readonly key: string
  /** The object's hash (etag). Where the answer does not say it: computed here, over blocks of 4 MiB. */
  readonly hash: string
  readonly persistentId?: string
  readonly [field: string]: unknown
}

// With returnBody the field may be anything.
const ETAG = /^[Fl][\w-]{27}$/

/**
 * Completes the answer with what is known here, and compares the hash.
 *
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when the object is not what was sent, or its name is not known
 */
export function finishUpload(
  operation: string,
  answer: unknown,
  known: { key: string | undefined; hash: string; isHashComparable: boolean }
): UploadResult {
  const fields = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer : { answer }
  const { key, hash } = fields as { key?: unknown; hash?: unknown }
  if (known.isHashComparable && typeof hash === 'string' && ETAG.test(hash) && hash !== known.hash) {
    throw new UnexpectedResponseError(
      `${operation}: the object has the hash ${hash}, but what was sent has ${known.hash}: it was changed on its way or by another writer. Upload it again.`,
      { product: 'qiniu' }
    )
  }
  const name = typeof key === 'string' ? key : known.key
  if (name === undefined) {
    throw new UnexpectedResponseError(
      `${operation}: the object is stored (hash ${known.hash}), but the answer does not name its key. Put "key":$(key) into returnBody, let the callback answer it, or give a key.`,
      { product: 'qiniu' }
    )
  }
  return { ...fields, key: name, hash: typeof hash === 'string' ? hash : known.hash }
}
