import { ConfigError } from '../errors/index.ts'
import { checkPutPolicy } from './check-put-policy.ts'
import { urlSafeBase64 } from './encoding.ts'
import type { PutPolicy } from './put-policy.ts'
import type { QiniuSigner } from './signer.ts'

const DEFAULT_LIFE_SECONDS = 3600

export interface TokenContext {
  signer: QiniuSigner
  bucket: string
  nowSeconds: number
}

/** Makes an upload token; see `Qiniu.uploadToken`. */
export function makeUploadToken(policy: PutPolicy, { signer, bucket, nowSeconds }: TokenContext): string {
  checkPutPolicy(policy)
  const { key, bucket: other = bucket, expiresInSeconds = DEFAULT_LIFE_SECONDS, scope, deadline, ...fields } = policy
  if (deadline !== undefined && deadline <= nowSeconds) {
    throw new ConfigError(
      'uploadToken: option "deadline" lies in the past. It is in seconds since 1970; compare the clock of this machine.',
      { code: 'ERR_INVALID_PARAM', option: 'deadline', product: 'qiniu' }
    )
  }
  const encodedPolicy = urlSafeBase64(
    JSON.stringify({
      scope: scope ?? (key === undefined ? other : `${other}:${key}`),
      deadline: deadline ?? nowSeconds + expiresInSeconds,
      ...fields
    })
  )
  return `${signer.sign(encodedPolicy)}:${encodedPolicy}`
}
