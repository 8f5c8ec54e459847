import { text } from '../core/options.ts'
import { ConfigError } from '../errors/index.ts'
import { BUCKET_NAME, objectKey } from './check-put-policy.ts'

/** An object: its key in the client's bucket, or bucket and key. */
export type ObjectRef = string | { readonly bucket?: string | undefined; readonly key: string }

export interface ResolvedObject {
  bucket: string
  key: string
}

/**
 * Returns bucket and key of a reference.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM
 */
export function resolveObject(object: ObjectRef, defaultBucket: string): ResolvedObject {
  const { bucket = defaultBucket, key } =
    typeof object === 'object' && object !== null ? object : { key: object as string }
  const bucketFault = text(BUCKET_NAME, 'a bucket name')(bucket)
  if (bucketFault) throw invalid('bucket', bucketFault)
  const keyFault = objectKey(key)
  if (keyFault) throw invalid('key', keyFault)
  return { bucket, key }
}

function invalid(option: string, fault: string): ConfigError {
  return new ConfigError(`The object's ${option} ${fault}.`, { code: 'ERR_INVALID_PARAM', option, product: 'qiniu' })
}
