import { V3Failure } from '../failures.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import type { Json } from './shape.ts'

interface Rule {
  readonly path: string
  readonly extensions: RegExp
  readonly maxBytes: number
  /** Name of the response's field. */
  readonly answer: 'media_id' | 'media_url'
}

const MIB = 1024 * 1024
const IMAGE = /\.(jpe?g|bmp|png)$/i

const RULES: readonly Rule[] = [
  { path: '/v3/merchant/media/upload', extensions: /\.(jpe?g|bmp|png|pdf)$/i, maxBytes: 5 * MIB, answer: 'media_id' },
  {
    path: '/v3/merchant/media/video_upload',
    extensions: /\.(avi|wmv|mpeg|mp4|mov|mkv|flv|f4v|m4v|rmvb)$/i,
    maxBytes: 5 * MIB,
    answer: 'media_id'
  },
  { path: '/v3/marketing/favor/media/image-upload', extensions: IMAGE, maxBytes: 2 * MIB, answer: 'media_url' },
  { path: '/v3/merchant-service/images/upload', extensions: IMAGE, maxBytes: 2 * MIB, answer: 'media_id' }
]

function upload({ extensions, maxBytes, answer }: Rule): (call: V3Call) => Json {
  return ({ world, merchant, rawBody, file }) => {
    const name = String(rawBody.filename ?? '')
    if (!file || !extensions.test(name)) throw new V3Failure(400, 'PARAM_ERROR', '文件格式不支持')
    if (file.bytes.length === 0 || file.bytes.length > maxBytes) {
      throw new V3Failure(400, 'PARAM_ERROR', `文件大小不正确：最大${maxBytes / MIB}M`)
    }
    const id = `${world.context.random.text(40)}_${world.context.random.text(20)}`
    world.media.add({ id, mchId: merchant.mchId, name, bytes: file.bytes })
    return { [answer]: answer === 'media_id' ? id : `https://qpic.cn/simulator/${id}` }
  }
}

export const MEDIA_ROUTES: readonly V3Route[] = [
  ...RULES.map((rule) => post(rule.path, { isUpload: true }, upload(rule))),
  get('/v3/merchant-service/images/:media_id', { isDownload: true }, ({ world, merchant, params }) => {
    const media = world.media.get(params.media_id ?? '')
    if (media?.mchId !== merchant.mchId) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '图片不存在')
    return new Response(new Uint8Array(media.bytes), {
      headers: { 'content-type': 'image/png' }
    })
  })
]
