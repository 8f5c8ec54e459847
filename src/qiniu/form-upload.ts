import { crc32 } from 'node:zlib'
import type { RequestOptions } from '../core/client-options.ts'
import { QiniuError, UnexpectedResponseError } from '../errors/index.ts'
import { given } from '../internal/given.ts'
import type { QiniuContext } from './context.ts'
import { encodedEntry } from './encoding.ts'
import { ENDPOINTS, pathOf } from './endpoints.ts'
import { objectHash } from './etag.ts'
import { encodeMultipart } from './multipart.ts'
import type { PreparedUpload } from './prepared-upload.ts'
import { readResponse } from './read-response.ts'
import { finishUpload, type UploadResult } from './upload-result.ts'

/** Uploads bytes in one request (表单上传). Retries send the same bytes; CRC-32 and hash are verified. */
export async function formUpload(
  context: QiniuContext,
  upload: PreparedUpload,
  bytes: Uint8Array,
  options: RequestOptions
): Promise<UploadResult> {
  const { operation, key, bucket } = upload
  const hash = objectHash(bytes)
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
  const response = await context.http.call<unknown>(
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
          return await readResponse(response, operation)
        } catch (error) {
          // An earlier attempt may have stored the object before its response was lost.
          if (attempt > 1 && isExisting(error) && key !== undefined)
            return { key, hash: await statHash(context, upload) }
          throw error
        }
      }
    },
    { timeoutMs: context.uploadTimeoutMs, ...given(options) }
  )
  return finishUpload(upload, response, hash, true)
}

/** Returns the hash of the stored object. */
export async function statHash(context: QiniuContext, upload: PreparedUpload): Promise<string> {
  const { bucket, key } = upload
  const operation = `${upload.operation} (stat)`
  const endpoint = ENDPOINTS['upload.stat']
  const path = pathOf(endpoint, { entry: encodedEntry(bucket, key) })
  const found = await context.manage({ ...endpoint, operation, bucket, path }, {})
  const hash = (found as { hash?: unknown }).hash
  if (typeof hash === 'string') return hash
  throw new UnexpectedResponseError(`${operation}: Qiniu responded without a hash.`, { product: 'qiniu' })
}

export function isExisting(error: unknown): boolean {
  return error instanceof QiniuError && error.status === 614
}
