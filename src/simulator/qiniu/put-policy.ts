import { fromUrlSafe, signText } from '../crypto/qiniu.ts'
import type { QiniuAccount } from '../framework/accounts.ts'
import type { Exchange } from '../framework/exchange.ts'
import { transportTime } from '../framework/transport-time.ts'
import { equals } from './authorize.ts'
import { QiniuFailure } from './failure.ts'
import type { QiniuBucket } from './records.ts'
import type { QiniuState } from './state.ts'

/** A put policy (上传策略) as it was signed. */
export interface SimulatedPutPolicy {
  readonly scope: string
  readonly deadline: number
  readonly isPrefixalScope: boolean
  readonly insertOnly: boolean
  readonly endUser?: string
  readonly returnUrl?: string
  readonly returnBody?: string
  readonly callbackUrl?: string
  readonly callbackHost?: string
  readonly callbackBody?: string
  readonly callbackBodyType?: string
  readonly callbackFetchKey: boolean
  readonly persistentOps?: string
  readonly persistentNotifyUrl?: string
  readonly persistentPipeline?: string
  readonly persistentType: number
  readonly saveKey?: string
  readonly forceSaveKey: boolean
  readonly fsizeMin: number
  readonly fsizeLimit: number
  readonly detectMime: number
  readonly mimeLimit?: string
  readonly fileType: number
  readonly deleteAfterDays: number
}

/** An upload token (上传凭证) whose signature fits. */
export interface UploadToken {
  readonly account: QiniuAccount
  readonly policy: SimulatedPutPolicy
  readonly bucket: QiniuBucket
  /** Key or prefix of the scope. */
  readonly scopeKey: string | undefined
}

const TEXTS = [
  ...['endUser', 'returnUrl', 'returnBody', 'callbackUrl', 'callbackHost', 'callbackBody', 'callbackBodyType'],
  ...['persistentOps', 'persistentNotifyUrl', 'persistentPipeline', 'saveKey', 'mimeLimit']
]
const NUMBERS = ['persistentType', 'fsizeMin', 'fsizeLimit', 'detectMime', 'fileType', 'deleteAfterDays']
const FLAGS = ['isPrefixalScope', 'insertOnly', 'callbackFetchKey', 'forceSaveKey']

/** Verifies an upload token; the deadline is checked when the upload completes. */
export function readUploadToken(state: QiniuState, exchange: Exchange, token: string | null | undefined): UploadToken {
  if (!token) throw new QiniuFailure(401, 'token not specified')
  const [accessKey = '', sign = '', encoded = '', rest] = token.split(':')
  const account = state.account(accessKey)
  if (!account || rest !== undefined || !equals(signText(account.secretKey, encoded), sign)) throw new QiniuFailure(401)
  exchange.account = accessKey
  if (state.frozen.has(accessKey)) throw new QiniuFailure(419)
  exchange.verified('upload token')
  const policy = parsePolicy(fromUrlSafe(encoded)?.toString() ?? '')
  const colon = policy.scope.indexOf(':')
  const name = colon < 0 ? policy.scope : policy.scope.slice(0, colon)
  const bucket = state.bucket(name, accessKey)
  checkRegion(exchange, bucket)
  return { account, policy, bucket, scopeKey: colon < 0 ? undefined : policy.scope.slice(colon + 1) }
}

export function checkDeadline(state: QiniuState, exchange: Exchange, { policy }: UploadToken): void {
  if (policy.deadline * 1000 <= transportTime(state.context.clock, exchange))
    throw new QiniuFailure(401, 'expired token')
}

function parsePolicy(text: string): SimulatedPutPolicy {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new QiniuFailure(400, 'invalid put policy: not JSON')
  }
  if (typeof json !== 'object' || json === null) throw new QiniuFailure(400, 'invalid put policy: not an object')
  const given = json as Record<string, unknown>
  const bad = (name: string) => new QiniuFailure(400, `invalid put policy: ${name}`)
  if (typeof given.scope !== 'string' || given.scope === '') throw bad('scope')
  if (!Number.isInteger(given.deadline)) throw bad('deadline')
  // The deadline is a 32-bit number of seconds: milliseconds do not fit.
  if (Number(given.deadline) > 0xffffffff) throw bad('deadline')
  const policy: Record<string, unknown> = { scope: given.scope, deadline: given.deadline }
  for (const name of TEXTS) {
    const value = given[name]
    if (value === undefined || value === null || value === '') continue
    if (typeof value !== 'string') throw bad(name)
    policy[name] = value
  }
  for (const name of NUMBERS) {
    const value = given[name] ?? 0
    if (typeof value !== 'number' || !Number.isInteger(value)) throw bad(name)
    policy[name] = value
  }
  for (const name of FLAGS) policy[name] = Boolean(given[name])
  const read = policy as unknown as SimulatedPutPolicy
  if (read.callbackUrl && !read.callbackBody) throw bad('callbackBody is missing')
  if (read.fileType < 0 || read.fileType > 4) throw bad('fileType')
  if (read.forceSaveKey && !read.saveKey) throw bad('saveKey is missing')
  if (Buffer.byteLength(given.scope) > 750 + 1 + 63) throw bad('scope')
  return read
}

function checkRegion(exchange: Exchange, { region }: QiniuBucket): void {
  const [, , suffix] = /^(up|upload)(?:-([a-z0-9-]+))?\./.exec(exchange.host) ?? []
  const called = suffix ?? 'z0'
  if (called === region) return
  const host = region === 'z0' ? 'up.qiniup.com' : `up-${region}.qiniup.com`
  throw new QiniuFailure(400, `incorrect region, please use ${host}`)
}
