import type { Endpoint } from '../endpoint.ts'

/** What an upload takes besides. */
export interface UploadEndpoint extends Endpoint {
  readonly extensions: RegExp
  readonly maxBytes: number
}

const MIB = 1024 * 1024
const IMAGE = /\.(jpe?g|bmp|png)$/i
// What is signed and sent is the same bytes again: a second upload makes a second file and harms nobody.
const upload = { method: 'POST', answer: 'json', repeat: 'safe' } as const

export type MediaKind = 'image' | 'video' | 'marketing' | 'complaint'

/** Uploads. (图片上传, 视频上传) */
export const MEDIA_ENDPOINTS: Readonly<Record<MediaKind, UploadEndpoint>> = {
  image: {
    ...upload,
    operation: 'media.uploadImage',
    path: '/v3/merchant/media/upload',
    expects: ['media_id'],
    extensions: /\.(jpe?g|bmp|png|pdf)$/i,
    maxBytes: 7.5 * MIB
  },
  video: {
    ...upload,
    operation: 'media.uploadVideo',
    path: '/v3/merchant/media/video_upload',
    expects: ['media_id'],
    extensions: /\.(avi|wmv|mpeg|mp4|mov|mkv|flv|f4v|m4v|rmvb)$/i,
    maxBytes: 5 * MIB
  },
  marketing: {
    ...upload,
    operation: 'media.uploadMarketingImage',
    path: '/v3/marketing/favor/media/image-upload',
    expects: ['media_url'],
    extensions: IMAGE,
    maxBytes: 2 * MIB
  },
  complaint: {
    ...upload,
    operation: 'media.uploadComplaintImage',
    path: '/v3/merchant-service/images/upload',
    expects: ['media_id'],
    extensions: IMAGE,
    maxBytes: 2 * MIB
  }
}
