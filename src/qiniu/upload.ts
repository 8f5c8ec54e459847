import type { RequestOptions } from '../core/client-options.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import type { QiniuContext } from './context.ts'
import { BLOCK_BYTES } from './etag.ts'
import { formUpload } from './form-upload.ts'
import type { PreparedUpload } from './prepared-upload.ts'
import { ResumableUpload } from './resumable-upload.ts'
import { checkUploadParams, type UploadParams } from './upload-params.ts'
import { UploadJournal } from './upload-record.ts'
import type { UploadResult } from './upload-result.ts'
import { type OpenedSource, readParts } from './upload-source.ts'

/** Uploads may take long, and Qiniu checks the token at the end. */
const TOKEN_LIFE_SECONDS = 86_400

/** Uploads an opened source: in one form if it fits in one part of at most 4 MiB, otherwise in parts. */
export async function uploadSource(
  context: QiniuContext,
  operation: string,
  open: () => Promise<OpenedSource>,
  params: UploadParams,
  options: RequestOptions
): Promise<UploadResult> {
  const checked = checkUploadParams(params)
  const { key, policy = {}, onProgress, resume } = params
  // Made before the source is opened, so that an error in the policy costs nothing.
  const isDated = policy.deadline !== undefined || policy.expiresInSeconds !== undefined
  const token = context.uploadToken({
    ...policy,
    ...(isDated ? {} : { expiresInSeconds: TOKEN_LIFE_SECONDS }),
    ...(key === undefined ? {} : { key })
  })
  const source = await open()
  const upload: PreparedUpload = {
    operation,
    token,
    bucket: policy.bucket ?? context.bucket,
    key,
    fileName: params.fileName ?? source.fileName ?? checked.fileName,
    mimeType: params.mimeType ?? source.mimeType ?? checked.mimeType,
    variables: params.variables ?? {},
    metadata: params.metadata ?? {},
    isResponseOfQiniu: policy.callbackUrl === undefined,
    isNamedByHash: key === undefined && policy.saveKey === undefined && !policy.callbackFetchKey
  }
  const { partSize } = checked
  const parts = readParts(source, partSize, options.signal)
  const first = await parts.next()
  const bytes = first.done ? new Uint8Array(0) : first.value
  if (bytes.byteLength < partSize && bytes.byteLength <= BLOCK_BYTES) {
    await parts.return(undefined)
    const result = await formUpload(context, upload, bytes, options)
    onProgress?.({ uploadedBytes: bytes.byteLength, totalBytes: bytes.byteLength })
    return result
  }
  const { reopen, totalBytes } = source
  const owner = { accessKey: context.signer.accessKey, bucket: upload.bucket }
  const journal = resume && new UploadJournal(withStoreErrors(resume.store), owner, resume.id)
  const run = new ResumableUpload(context, upload, { partSize, totalBytes, onProgress, journal }, options)
  return run.run({
    first: prepend(bytes, parts),
    ...(reopen ? { again: async () => readParts(await reopen(), partSize, options.signal) } : {})
  })
}

// Not a generator: one that was never started would not close `rest`.
function prepend(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncIterator<Uint8Array> {
  let isFirst = true
  return {
    next: () => {
      if (!isFirst) return rest.next()
      isFirst = false
      return Promise.resolve({ done: false, value: first })
    },
    return: () => rest.return(undefined)
  }
}
