import { createHash } from 'node:crypto'
import { etag, fromUrlSafe } from '../crypto/qiniu.ts'
import type { Exchange } from '../framework/exchange.ts'
import type { RouteParams } from '../framework/service.ts'
import { answerQiniu, QiniuFailure } from './failure.ts'
import { finishUpload } from './finish-upload.ts'
import { withoutPrefix } from './form-upload.ts'
import { readUploadToken, type UploadToken } from './put-policy.ts'
import type { MultipartUpload } from './records.ts'
import type { QiniuState } from './state.ts'

const LIFE_SECONDS = 7 * 86_400
const MAX_PARTS = 10_000
const MIN_PART_BYTES = 1024 * 1024
const MAX_PART_BYTES = 1024 * 1024 * 1024

type Call = (state: QiniuState, exchange: Exchange, params: RouteParams) => Promise<Response> | Response

/** The token of a call whose path names bucket and object (分片上传 v2). */
function open(state: QiniuState, exchange: Exchange, { bucket, object = '' }: RouteParams) {
  const token = tokenOfHeader(state, exchange)
  if (token.bucket.name !== bucket) throw new QiniuFailure(403, "bucket doesn't match with scope")
  const decoded = object === '~' ? undefined : fromUrlSafe(object)?.toString()
  if (object !== '~' && decoded === undefined) throw new QiniuFailure(400, 'invalid encoded object name')
  return { token, key: decoded }
}

export function tokenOfHeader(state: QiniuState, exchange: Exchange): UploadToken {
  const header = exchange.headers.get('authorization') ?? ''
  return readUploadToken(state, exchange, /^UpToken (.+)$/.exec(header)?.[1])
}

function known(state: QiniuState, exchange: Exchange, params: RouteParams) {
  const { token, key } = open(state, exchange, params)
  const upload = state.uploads.get(params.uploadId ?? '')
  const isOurs = upload?.bucket === token.bucket.name && upload.key === key
  if (!isOurs || upload.accessKey !== token.account.accessKey || upload.expireAt <= state.context.clock.seconds())
    throw new QiniuFailure(612, 'no such uploadId')
  return { token, key, upload }
}

export const initiate: Call = (state, exchange, params) => {
  const { token, key } = open(state, exchange, params)
  const { random, clock } = state.context
  const upload: MultipartUpload = {
    id: random.hex(40),
    bucket: token.bucket.name,
    key,
    accessKey: token.account.accessKey,
    expireAt: clock.seconds() + LIFE_SECONDS,
    parts: new Map()
  }
  state.uploads.set(upload.id, upload)
  return answerQiniu(random, 200, { uploadId: upload.id, expireAt: upload.expireAt })
}

export const uploadPart: Call = (state, exchange, params) => {
  const { upload } = known(state, exchange, params)
  const number = Number(params.partNumber)
  if (!/^\d+$/.test(params.partNumber ?? '') || number < 1 || number > MAX_PARTS)
    throw new QiniuFailure(400, 'invalid part number')
  const data = exchange.body
  if (data.length === 0 || data.length > MAX_PART_BYTES) throw new QiniuFailure(400, 'invalid part size')
  const md5 = createHash('md5').update(data).digest('hex')
  const claimed = exchange.headers.get('content-md5')
  if (claimed !== null && claimed.toLowerCase() !== md5) throw new QiniuFailure(406, 'content-md5 mismatch')
  const part = { etag: etag(data), md5, data, putTime: state.context.clock.seconds() }
  state.addPart(upload, number, part)
  return answerQiniu(state.context.random, 200, { etag: part.etag, md5 })
}

export const listParts: Call = (state, exchange, params) => {
  const { upload } = known(state, exchange, params)
  const limit = Number(exchange.query.get('max-parts') ?? 1000)
  const marker = Number(exchange.query.get('part-number_marker') ?? exchange.query.get('part-number-marker') ?? 0)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new QiniuFailure(400, 'invalid max-parts')
  if (!Number.isInteger(marker) || marker < 0) throw new QiniuFailure(400, 'invalid part-number_marker')
  const later = [...upload.parts].filter(([number]) => number > marker).sort(([a], [b]) => a - b)
  const page = later.slice(0, limit)
  return answerQiniu(state.context.random, 200, {
    uploadId: upload.id,
    expireAt: upload.expireAt,
    partNumberMarker: later.length > page.length ? (page.at(-1)?.[0] ?? 0) : 0,
    parts: page.map(([partNumber, part]) => ({
      partNumber,
      etag: part.etag,
      size: part.data.length,
      putTime: part.putTime
    }))
  })
}

export const complete: Call = async (state, exchange, params) => {
  const { token, key, upload } = known(state, exchange, params)
  const body = exchange.json()
  if (typeof body !== 'object' || body === null) throw new QiniuFailure(400, 'invalid body')
  const { parts, fname, mimeType, metadata, customVars } = body as Record<string, unknown>
  const chosen = chooseParts(upload, parts)
  const data = Buffer.concat(chosen.map((part) => part.data))
  const response = await finishUpload(state, exchange, {
    token,
    data,
    key,
    fname: typeof fname === 'string' && fname !== '' ? fname : undefined,
    mimeType: typeof mimeType === 'string' ? mimeType : undefined,
    variables: fields(customVars, 'x:'),
    metadata: withoutPrefix(fields(metadata, 'x-qn-meta-'), 'x-qn-meta-'),
    partSizes: chosen.map((part) => part.data.length)
  }).catch((error: unknown) => {
    // With a failed callback the object is stored and the upload is over.
    if (error instanceof QiniuFailure && error.status === 579) state.dropUpload(upload)
    throw error
  })
  state.dropUpload(upload)
  return response
}

export const abort: Call = (state, exchange, params) => {
  state.dropUpload(known(state, exchange, params).upload)
  return answerQiniu(state.context.random, 200, undefined)
}

function chooseParts(upload: MultipartUpload, list: unknown) {
  if (!Array.isArray(list) || list.length === 0) throw new QiniuFailure(400, 'invalid parts')
  let last = 0
  return list.map((item: unknown, i) => {
    const { partNumber, etag: claimed } = (item ?? {}) as { partNumber?: unknown; etag?: unknown }
    const part = upload.parts.get(Number(partNumber))
    if (!part || part.etag !== claimed) throw new QiniuFailure(400, `invalid part ${String(partNumber)}`)
    if (Number(partNumber) <= last) throw new QiniuFailure(400, 'parts are not in ascending order')
    last = Number(partNumber)
    if (i < list.length - 1 && part.data.length < MIN_PART_BYTES) throw new QiniuFailure(400, 'part is too small')
    return part
  })
}

function fields(value: unknown, prefix: string): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {}
  const entries = Object.entries(value).filter(([name, text]) => name.startsWith(prefix) && text !== '')
  return Object.fromEntries(entries.map(([name, text]) => [name, String(text)]))
}
