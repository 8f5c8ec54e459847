import type { RequestOptions } from '../core/client-options.ts'
import { checkOptions, objectWith, required, text } from '../core/options.ts'
import { ConfigError } from '../errors/index.ts'
import type { QiniuContext } from './context.ts'
import { uploadSource } from './upload.ts'
import type { UploadParams } from './upload-params.ts'
import type { UploadResult } from './upload-result.ts'
import { download, openRemote, type RemoteContent } from './upload-source.ts'

/** Material (素材) as a stream. */
export interface MediaContent {
  readonly body: ReadableStream<Uint8Array>
  readonly contentType?: string | undefined
  readonly fileName?: string | undefined
  /** Size in bytes, if known. */
  readonly contentLength?: number | undefined
}

/** Material, or the URL of its content (videos). */
export type MediaResponse =
  | MediaContent
  | { readonly kind: 'file'; readonly file: MediaContent }
  | { readonly kind: 'video'; readonly video_url: string }

/**
 * Source of material: `mp.media` of an `OfficialAccount`, `mini.media` of a `MiniProgram`, or any object with this
 * method.
 */
export interface MediaSource {
  /**
   * Fetches material.
   *
   * @param mediaId Id of an upload or from a message.
   * @param options Options of this call.
   * @throws What the client throws: WeChatApiError ERR_WECHAT_API, ConnectionError ERR_CONNECTION, ERR_TIMEOUT.
   */
  get(mediaId: string, options?: RequestOptions): Promise<MediaResponse>
}

/** Parameters of `qiniu.transferMedia`. */
export interface TransferMediaParams extends Omit<UploadParams, 'key'> {
  /** Where the material comes from. */
  from: MediaSource
  /** Id from the WeChat client (`serverId`) or a message (`media_id`). */
  mediaId: string
  /** Name of the object, or a function that derives it from WeChat's description of the material. */
  key?: string | ((media: Pick<MediaContent, 'contentType' | 'fileName' | 'contentLength'>) => string) | undefined
}

/** Streams WeChat material into the bucket; see `Qiniu.transferMedia`. */
export async function transferMedia(
  context: QiniuContext,
  params: TransferMediaParams,
  options: RequestOptions
): Promise<UploadResult> {
  const { from, mediaId, key, ...rest } = params ?? {}
  const owner = { owner: 'transferMedia', product: 'qiniu', of: 'params' } as const
  checkOptions({ from, mediaId }, { from: required(objectWith('get')), mediaId: required(text()) }, owner)
  const signal = options.signal ? { signal: options.signal } : {}
  const get = async (): Promise<RemoteContent> => {
    const response = await from.get(mediaId, signal)
    if ('video_url' in response) return download(context, response.video_url, signal)
    const { body, contentType, fileName, contentLength } = 'file' in response ? response.file : response
    return { body, mimeType: contentType, fileName, totalBytes: contentLength }
  }
  if (typeof key !== 'function') {
    const named = key === undefined ? rest : { ...rest, key }
    return uploadSource(context, 'transferMedia', () => openRemote(context, get), named, options)
  }
  const opened = await openRemote(context, get)
  try {
    const { mimeType: contentType, fileName, totalBytes: contentLength } = opened
    const name = key({ contentType, fileName, contentLength })
    if (typeof name !== 'string') {
      throw new ConfigError('transferMedia: the function "key" must return a string.', {
        code: 'ERR_INVALID_PARAM',
        option: 'key',
        product: 'qiniu'
      })
    }
    return await uploadSource(context, 'transferMedia', async () => opened, { ...rest, key: name }, options)
  } catch (error) {
    // An unread body must be cancelled, or the connection to WeChat stays open.
    await (opened.chunks as unknown as ReadableStream).cancel?.().catch(() => undefined)
    throw error
  }
}
