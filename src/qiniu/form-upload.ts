import type { RequestOptions } from '../core/client-options.ts'
import { QiniuError, UnexpectedResponseError } from '../errors/index.ts'
import type { QiniuContext } from './context.ts'
import { ENDPOINTS, pathOf } from './endpoints.ts'
import { encodeMultipart } from './multipart.ts'
import { readAnswer } from './read-answer.ts'
import { finishUpload, type UploadResult } from './upload-result.ts'

/** An upload whose parameters are checked and whose token is made. */
export interface PreparedUpload {
  operation: string
  token: string
  bucket: string
  key: string | undefined
  fileName: string
  mimeType: string
  variables: Readonly<Record<string, string>>
  metadata: Readonly<Record<string, string>>
  /** `false` when a callback makes the answer, whose `hash` may be anything. */
  isAnswerOfQiniu: boolean
  /** Neither a key nor `saveKey`: the object is called like its hash. */
  isNamedByHash: boolean
}

/** Uploads bytes in one request (表单上传). Repeats send the same bytes; CRC-32 and hash are verified. */
export async function formUpload(
  context: QiniuContext,
  upload: PreparedUpload,
  bytes: Uint8Array,
  options: RequestOptions
): Promise<UploadResult> {
  const { operation, key, bucket } = upload
  const { crc32 } = await import('node:zlib')
  const hash = context.tools.objectHash(bytes)
  const fields: [string, string][] = [['token', upload.token]]
  if (key !== undefined) fields.push(['key', key])
  fields.push(...Object.entries(upload.variables), ...Object.entries(upload.metadata))
  fields.push(['crc32', String(crc32(bytes))], ['accept', 'application/json'])
  const { contentType, body } = encodeMultipart(fields, {
    fileName: upload.fileName,
    contentType: upload.mimeType,
    bytes
  })
  const { service, method, path, idempotent } = ENDPOINTS['upload.form']
  const { url, backupUrl } = await context.addresses(service, bucket, path, undefined, options)
  const answer = await context.http.call<unknown>(
    {
      operation,
      method,
      url,
      ...(backupUrl ? { backupUrl } : {}),
      headers: { 'content-type': contentType },
      body,
      idempotent,
      readsAll: true,
      read: async (response, attempt) => {
        try {
          return await readAnswer(response, operation)
        } catch (error) {
          // An earlier attempt may have stored the object before its answer was lost.
          if (attempt > 1 && isExisting(error) && key !== undefined)
            return { key, hash: await statHash(context, upload) }
          throw error
        }
      }
    },
    { timeoutMs: context.uploadTimeoutMs, ...options }
  )
  return finishUpload(upload, answer, hash, true)
}

/** The hash of the object that is there now. */
export async function statHash(context: QiniuContext, upload: PreparedUpload): Promise<string> {
  const { bucket, key } = upload
  const operation = `${upload.operation} (stat)`
  const endpoint = ENDPOINTS['upload.stat']
  const path = pathOf(endpoint, { entry: context.tools.encodedEntry(bucket, key) })
  const found = await context.manage({ ...endpoint, operation, bucket, path }, {})
  const hash = (found as { hash?: unknown }).hash
  if (typeof hash === 'string') return hash
  throw new UnexpectedResponseError(`${operation}: Qiniu answered without a hash.`, { product: 'qiniu' })
}

export function isExisting(error: unknown): boolean {
  return error instanceof QiniuError && error.status === 614
}
