import type { Logger } from '../core/logger.ts'
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
  logger: Logger | undefined
}

/** Makes an upload token; see `Qiniu.uploadToken`. */
export function makeUploadToken(policy: PutPolicy, context: TokenContext): string {
  const { signer, bucket, nowSeconds, logger } = context
  checkPutPolicy(policy, logger)
  const { key, scope, deadline } = policy
  if (deadline !== undefined && deadline <= nowSeconds) {
    throw new ConfigError(
      'uploadToken: option "deadline" lies in the past. It is in seconds since 1970; compare the clock of this machine.',
      { code: 'ERR_INVALID_PARAM', option: 'deadline', product: 'qiniu' }
    )
  }
  const name = policy.bucket ?? bucket
  const full: Record<string, unknown> = {
    scope: scope ?? (key === undefined ? name : `${name}:${key}`),
    deadline: deadline ?? nowSeconds + (policy.expiresInSeconds ?? DEFAULT_LIFE_SECONDS)
  }
  for (const field in policy) if (!OURS.has(field)) full[field] = policy[field as keyof PutPolicy]
  const encodedPolicy = urlSafeBase64(JSON.stringify(full))
  return `${signer.sign(encodedPolicy)}:${encodedPolicy}`
}

/** What stands in scope and deadline. */
const OURS = new Set(['key', 'bucket', 'expiresInSeconds', 'scope', 'deadline'])
