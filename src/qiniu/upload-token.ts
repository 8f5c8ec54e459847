import type { Logger } from '../core/logger.ts'
import { ConfigError } from '../errors/index.ts'
import { readPutPolicy } from './check-put-policy.ts'
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
  const { own, wire } = readPutPolicy(policy, logger)
  const { key, scope, deadline } = own
  if (deadline !== undefined && deadline <= nowSeconds) {
    throw new ConfigError(
      'uploadToken: option "deadline" lies in the past. It is in seconds since 1970; check the clock of this machine.',
      { code: 'ERR_INVALID_PARAM', option: 'deadline', product: 'qiniu' }
    )
  }
  const name = own.bucket ?? bucket
  wire.scope = scope ?? (key === undefined ? name : `${name}:${key}`)
  wire.deadline = deadline ?? nowSeconds + (own.expiresInSeconds ?? DEFAULT_LIFE_SECONDS)
  const encodedPolicy = urlSafeBase64(JSON.stringify(wire))
  return `${signer.sign(encodedPolicy)}:${encodedPolicy}`
}
