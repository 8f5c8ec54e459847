import { authorize, FORM_TYPE } from './authorization.ts'
import { objectKey } from './check-put-policy.ts'
import { encodedEntry, urlSafeBase64 } from './encoding.ts'
import { BLOCK_BYTES, EtagHasher, objectHash } from './etag.ts'
import { resolveObject } from './object-ref.ts'
import { makeUploadToken } from './upload-token.ts'
import { MAX_SKEW_MS, verifyCallback } from './verify-callback.ts'

/**
 * What the calls share with the methods that answer at once. They get it from the client: a module that both imported would become a
 * file of its own, which an import loads too.
 */
export const tools = {
  authorize,
  BLOCK_BYTES,
  EtagHasher,
  encodedEntry,
  FORM_TYPE,
  MAX_SKEW_MS,
  makeUploadToken,
  objectHash,
  objectKey,
  resolveObject,
  urlSafeBase64,
  verifyCallback
}

export type Tools = typeof tools
