import { etag } from '../crypto/qiniu.ts'
import type { Exchange } from '../framework/exchange.ts'
import { upstreamJson } from '../framework/upstream-json.ts'
import { type CallbackResult, callBack, redirectTo } from './callback.ts'
import { answerQiniu, QiniuFailure } from './failure.ts'
import {
  fillForm,
  fillJson,
  fillText,
  type MagicVariables,
  magicVariables,
  type UploadFacts
} from './magic-variables.ts'
import { decideMimeType, permitsMimeType } from './mime-type.ts'
import { startJob } from './processing.ts'
import { checkDeadline, type UploadToken } from './put-policy.ts'
import type { QiniuState } from './state.ts'

/** What a client sent, however it was sent. */
export interface Upload {
  readonly token: UploadToken
  readonly data: Uint8Array
  /** `undefined`: the client named none; the empty text is a name. */
  readonly key: string | undefined
  readonly fname: string | undefined
  readonly mimeType: string | undefined
  /** With the prefix `x:`. */
  readonly variables: Readonly<Record<string, string>>
  /** Without the prefix `x-qn-meta-`. */
  readonly metadata: Readonly<Record<string, string>>
  /** Sizes of the parts of a multipart upload. */
  readonly partSizes?: readonly number[]
}

const MAX_KEY_BYTES = 750

/** Enforces the policy, stores the object and answers the uploader, after a callback where the policy has one. */
export async function finishUpload(state: QiniuState, exchange: Exchange, upload: Upload): Promise<Response> {
  const { token, data } = upload
  const { policy, bucket, account } = token
  checkDeadline(state, exchange, token)
  checkSize(token, data.length)
  const hash = etag(data, upload.partSizes)
  const facts: UploadFacts = {
    bucket: bucket.name,
    key: '',
    hash,
    data,
    fname: upload.fname,
    mimeType: '',
    endUser: policy.endUser,
    persistentId: undefined,
    variables: upload.variables,
    timeMs: state.context.clock.now()
  }
  let key = decideKey(upload, facts)
  const mimeType = decideMimeType(policy.detectMime, { ...upload, key })
  if (policy.mimeLimit && !permitsMimeType(policy.mimeLimit, mimeType))
    throw new QiniuFailure(403, 'limited mimeType: this file type is forbidden to upload')
  let early: CallbackResult | undefined
  if (policy.callbackFetchKey && policy.callbackUrl) {
    early = await runCallback(state, token, magicVariables({ ...facts, key, mimeType }))
    const named = early.ok ? fetchedKey(early.body) : undefined
    if (!named) throw callbackFailure(token, early, { hash, key: '' })
    key = named.key
    early = { ok: true, body: named.payload }
  }
  checkKey(token, key)
  checkConflict(state, upload, key, hash)
  const object = state.put({
    bucket: bucket.name,
    key,
    data,
    hash,
    mimeType,
    type: policy.fileType,
    endUser: policy.endUser,
    deleteAfterDays: policy.deleteAfterDays,
    metadata: upload.metadata,
    ...(upload.partSizes ? { partSizes: upload.partSizes } : {})
  })
  exchange.verified(`put policy for ${bucket.name}`)
  const persistentId = policy.persistentOps
    ? startJob(state, {
        accessKey: account.accessKey,
        bucket: bucket.name,
        key,
        fops: policy.persistentOps,
        pipeline: policy.persistentPipeline ?? '',
        type: policy.persistentType,
        notifyURL: policy.persistentNotifyUrl
      })
    : undefined
  const variables = magicVariables({ ...facts, key, mimeType, persistentId })
  if (policy.callbackUrl) {
    const result = early ?? (await runCallback(state, token, variables))
    if (!result.ok) throw callbackFailure(token, result, { hash: object.hash, key })
    return answerQiniu(state.context.random, 200, result.body)
  }
  const body = policy.returnBody
    ? fillReturnBody(policy.returnBody, variables)
    : upstreamJson({ hash: object.hash, key, ...(persistentId === undefined ? {} : { persistentId }) })
  return policy.returnUrl ? redirectTo(policy.returnUrl, body) : answerQiniu(state.context.random, 200, body)
}

function checkSize({ policy }: UploadToken, size: number): void {
  if (policy.fsizeMin > 0 && size < policy.fsizeMin) throw new QiniuFailure(403, 'file size is less than fsizeMin')
  if (policy.fsizeLimit > 0 && size > policy.fsizeLimit) throw new QiniuFailure(413, 'exceed FsizeLimit')
}

function decideKey({ token, key }: Upload, facts: UploadFacts): string {
  const { saveKey, forceSaveKey } = token.policy
  if (saveKey && (forceSaveKey || key === undefined)) return fillText(saveKey, magicVariables(facts))
  return key ?? facts.hash
}

function checkKey({ policy, scopeKey }: UploadToken, key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new QiniuFailure(400, 'key is too long')
  if (scopeKey === undefined) return
  const fits = policy.isPrefixalScope ? key.startsWith(scopeKey) : key === scopeKey
  if (!fits) throw new QiniuFailure(403, "key doesn't match with scope")
}

function checkConflict(state: QiniuState, { token, partSizes }: Upload, key: string, hash: string): void {
  const existing = state.find(token.bucket.name, key)
  if (!existing) return
  const { policy, scopeKey } = token
  // Scope without key only adds, but a multipart upload does so only with insertOnly. Source: Qiniu, "Put policy".
  const mayReplace =
    !policy.insertOnly && !policy.isPrefixalScope && (scopeKey !== undefined || partSizes !== undefined)
  // Adding what is there already, byte for byte, succeeds.
  if (!mayReplace && existing.hash !== hash) throw new QiniuFailure(614)
}

function fillReturnBody(template: string, variables: MagicVariables): string {
  const body = fillJson(template, variables)
  try {
    JSON.parse(body)
    return body
  } catch {
    throw new QiniuFailure(400, 'returnBody is not JSON once its variables are replaced')
  }
}

function runCallback(
  state: QiniuState,
  { policy, account }: UploadToken,
  variables: MagicVariables
): Promise<CallbackResult> {
  const contentType = policy.callbackBodyType ?? 'application/x-www-form-urlencoded'
  const fill = contentType.includes('json') ? fillJson : fillForm
  return callBack(state, {
    account,
    urls: policy.callbackUrl ?? '',
    host: policy.callbackHost,
    body: fill(policy.callbackBody ?? '', variables),
    contentType,
    key: String(variables('key') ?? '')
  })
}

function fetchedKey(body: string): { key: string; payload: string } | undefined {
  const { key, payload } = JSON.parse(body) as { key?: unknown; payload?: unknown }
  if (typeof key !== 'string' || typeof payload !== 'object' || payload === null) return undefined
  return { key, payload: JSON.stringify(payload) }
}

function callbackFailure(
  { policy }: UploadToken,
  result: CallbackResult,
  object: { hash: string; key: string }
): QiniuFailure {
  const reason = result.ok ? 'the response has no key and payload' : result.error
  return new QiniuFailure(579, `callback failed: ${reason}`, {
    callback_url: policy.callbackUrl,
    callback_bodyType: policy.callbackBodyType ?? 'application/x-www-form-urlencoded',
    err_code: result.ok ? 200 : result.status,
    ...object
  })
}
