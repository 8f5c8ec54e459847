import type { Exchange } from '../framework/exchange.ts'
import { type Route, route } from '../framework/service.ts'
import { type ApiCall, answerJson, api, object, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import type { Media } from './records.ts'
import type { WeChatState } from './state.ts'

const TEMPORARY_MS = 3 * 86_400_000
const MIB = 1024 * 1024

interface MediaRule {
  readonly maxBytes: number
  readonly tooBig: number
  /** Content type by first bytes; what is absent is refused with 40005. */
  readonly formats: readonly Format[]
}

type Format = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/bmp' | 'audio/amr' | 'audio/mp3' | 'video/mp4'

const RULES: Readonly<Record<string, MediaRule>> = {
  image: { maxBytes: 10 * MIB, tooBig: 40009, formats: ['image/png', 'image/jpeg', 'image/gif'] },
  voice: { maxBytes: 2 * MIB, tooBig: 40010, formats: ['audio/amr', 'audio/mp3'] },
  video: { maxBytes: 10 * MIB, tooBig: 40011, formats: ['video/mp4'] },
  thumb: { maxBytes: 64 * 1024, tooBig: 40012, formats: ['image/jpeg'] }
}
const PERMANENT_LIMITS: Readonly<Record<string, number>> = {
  image: 100_000,
  voice: 1_000,
  video: 1_000,
  thumb: 100_000
}
const EXTENSIONS: Readonly<Record<Format, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/bmp': 'bmp',
  'audio/amr': 'amr',
  'audio/mp3': 'mp3',
  'video/mp4': 'mp4'
}

/** What bytes really are, as the platform looks at them too. */
export function formatOf(bytes: Buffer): Format | undefined {
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png'
  if (bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'image/jpeg'
  const head = bytes.subarray(0, 12).toString('latin1')
  if (head.startsWith('GIF8')) return 'image/gif'
  if (head.startsWith('BM')) return 'image/bmp'
  if (head.startsWith('#!AMR')) return 'audio/amr'
  if (head.startsWith('ID3') || ((bytes[0] ?? 0) === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)) return 'audio/mp3'
  return head.slice(4, 8) === 'ftyp' ? 'video/mp4' : undefined
}

/** The file of a multipart body, found by its part name. */
export async function uploadedFile(exchange: Exchange): Promise<{ bytes: Buffer; filename: string; form: FormData }> {
  const form = await exchange.formData()
  const part = form?.get('media')
  if (!form || !part || typeof part === 'string') throw new Refusal(41005)
  const bytes = Buffer.from(await part.arrayBuffer())
  if (bytes.length === 0) throw new Refusal(44001)
  // Without a file name the platform does not take the part for a file.
  if (part.name === '' || part.name === 'blob') throw new Refusal(41005)
  return { bytes, filename: part.name, form }
}

async function accept(
  exchange: Exchange,
  type: string
): Promise<{ bytes: Buffer; filename: string; format: Format; form: FormData }> {
  const rule = Object.hasOwn(RULES, type) ? RULES[type] : undefined
  if (!rule) throw new Refusal(40004)
  const { bytes, filename, form } = await uploadedFile(exchange)
  const format = formatOf(bytes)
  if (!format || !rule.formats.includes(format)) throw new Refusal(40005)
  if (bytes.length > rule.maxBytes) throw new Refusal(rule.tooBig)
  exchange.verified(`${type}: ${format}, ${bytes.length} bytes`)
  return { bytes, filename, format, form }
}

function keep(call: Pick<ApiCall, 'wx' | 'state'>, media: Omit<Media, 'id' | 'createdAt'>): Media {
  const { wx, state } = call
  const stored: Media = {
    ...media,
    id: `${wx.context.random.text(63)}_${wx.context.random.text(1)}`,
    createdAt: wx.now
  }
  // The limit in bytes counts all media of the account; the oldest temporary ones go first.
  const limit = wx.context.limits.objectBytes / wx.accounts.size
  let total = stored.bytes.length
  for (const one of state.media.values()) total += one.bytes.length
  for (const [id, one] of state.media) {
    if (total <= limit) break
    total -= one.bytes.length
    state.media.delete(id)
  }
  state.media.set(stored.id, stored)
  return stored
}

/** Stores speech that a person recorded with the JS-SDK. */
export function storeVoice(wx: WeChatState, appId: string, bytes: Buffer): string {
  const state = wx.resolve(appId)
  return keep(
    { wx, state },
    {
      type: 'voice',
      bytes,
      contentType: 'audio/amr',
      filename: 'voice.amr',
      expiresAt: wx.now + TEMPORARY_MS,
      fromJssdk: true
    }
  ).id
}

/** A picture or other file that a person sent into the chat. */
export function storeReceived(wx: WeChatState, appId: string, type: string, bytes: Buffer): string {
  const format = formatOf(bytes) ?? 'image/jpeg'
  return keep(
    { wx, state: wx.resolve(appId) },
    {
      type,
      bytes,
      contentType: format,
      filename: `received.${EXTENSIONS[format]}`,
      expiresAt: wx.now + TEMPORARY_MS,
      fromJssdk: false
    }
  ).id
}

function find({ wx, state, query }: ApiCall): Media {
  const id = query.get('media_id')
  if (!id) throw new Refusal(41006)
  const media = state.media.get(id)
  if (!media || (media.expiresAt !== undefined && wx.now >= media.expiresAt)) throw new Refusal(40007)
  return media
}

function download(media: Media, contentType = media.contentType, filename = media.filename): Response {
  return new Response(new Uint8Array(media.bytes), {
    headers: {
      'content-type': contentType,
      'content-disposition': disposition(filename)
    }
  })
}

/** Headers carry Latin-1: other names come by RFC 5987 too, beside a form for clients that know only the old one. */
function disposition(filename: string): string {
  const plain = filename.replace(/["\\\p{Cc}]/gu, '')
  const ascii = plain.replace(/[^\x20-\x7e]/g, '_')
  if (ascii === plain) return `attachment; filename="${plain}"`
  const encoded = encodeURIComponent(Buffer.from(plain).toString()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

/** Puts a picture where a browser finds it and returns its upstream URL. */
function publish(wx: WeChatState, bytes: Buffer, format: Format): string {
  const name = wx.context.random.text(60)
  let total = bytes.length
  for (const one of wx.pictures.values()) total += one.bytes.length
  for (const [old, one] of wx.pictures) {
    if (total <= wx.context.limits.objectBytes) break
    total -= one.bytes.length
    wx.pictures.delete(old)
  }
  wx.pictures.set(name, { bytes, contentType: format })
  return `https://mmbiz.qpic.cn/mmbiz_${EXTENSIONS[format]}/${name}/0?wx_fmt=${EXTENSIONS[format] === 'jpg' ? 'jpeg' : EXTENSIONS[format]}`
}

/** Temporary media, permanent material and pictures of articles. */
export function mediaRoutes(wx: WeChatState): Route[] {
  const multipart = { multipart: true }
  const accountOnly = { kinds: ['officialAccount'] as const }
  return [
    api(
      wx,
      'POST',
      '/cgi-bin/media/upload',
      async (call) => {
        const type = call.query.get('type') ?? ''
        // Mini programs have pictures only (客服消息 > 新增临时素材).
        if (call.account.kind === 'miniProgram' && type !== 'image') throw new Refusal(40004)
        const { bytes, filename, format } = await accept(call.exchange, type)
        const media = keep(call, {
          type,
          bytes,
          contentType: format,
          filename,
          expiresAt: wx.now + TEMPORARY_MS,
          fromJssdk: false
        })
        const created_at = Math.floor(media.createdAt / 1000)
        return answerJson(
          type === 'thumb' ? { type, thumb_media_id: media.id, created_at } : { type, media_id: media.id, created_at }
        )
      },
      multipart
    ),
    api(wx, 'GET', '/cgi-bin/media/get', (call) => {
      const media = find(call)
      if (media.type !== 'video') return download(media)
      return answerJson({
        video_url: call.exchange.publicUrl(
          `https://mp.weixin.qq.com/simulator/video/${call.account.appId}/${media.id}.mp4`
        )
      })
    }),
    api(wx, 'GET', '/cgi-bin/media/get/jssdk', (call) => {
      const media = find(call)
      if (!media.fromJssdk) throw new Refusal(40007)
      return download(media, 'audio/speex', 'voice.speex')
    }),
    api(
      wx,
      'POST',
      '/cgi-bin/media/uploadimg',
      async (call) => {
        const { bytes } = await uploadedFile(call.exchange)
        const format = formatOf(bytes)
        if (format !== 'image/jpeg' && format !== 'image/png') throw new Refusal(40005)
        if (bytes.length >= MIB) throw new Refusal(40009)
        return answerJson({ url: call.exchange.publicUrl(publish(wx, bytes, format)) })
      },
      { multipart: true, kinds: ['officialAccount'] }
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/material/add_material',
      async (call) => {
        const type = call.query.get('type') ?? ''
        const { bytes, filename, format, form } = await accept(call.exchange, type)
        const count = [...call.state.media.values()].filter(
          (one) => one.type === type && one.expiresAt === undefined
        ).length
        if (count >= (PERMANENT_LIMITS[type] ?? 0)) throw new Refusal(45034)
        let described = {}
        if (type === 'video') {
          const description = form.get('description')
          const { title, introduction } = object(parse(description), 41011, 'description of the video missing')
          described = { title: text(title, 41011), introduction: String(introduction ?? '') }
        }
        const isPicture = type === 'image' || type === 'thumb'
        const url = isPicture ? publish(wx, bytes, format) : undefined
        const media = keep(call, {
          type,
          bytes,
          contentType: format,
          filename,
          expiresAt: undefined,
          fromJssdk: false,
          ...(url === undefined ? {} : { url }),
          ...described
        })
        return answerJson({
          media_id: media.id,
          ...(url === undefined ? {} : { url: call.exchange.publicUrl(url) })
        })
      },
      { multipart: true, kinds: ['officialAccount'] }
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/material/get_material',
      (call) => {
        const media = call.state.media.get(text(call.body.media_id, 40007))
        if (!media || media.expiresAt !== undefined) throw new Refusal(40007)
        if (media.type !== 'video') return download(media)
        return answerJson({
          title: media.title ?? '',
          description: media.introduction ?? '',
          down_url: call.exchange.publicUrl(
            `https://mp.weixin.qq.com/simulator/video/${call.account.appId}/${media.id}.mp4`
          )
        })
      },
      accountOnly
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/material/del_material',
      ({ state, body }) => {
        const id = text(body.media_id, 40007)
        if (state.media.get(id)?.expiresAt !== undefined || !state.media.delete(id)) throw new Refusal(40007)
      },
      accountOnly
    ),
    api(
      wx,
      'GET',
      '/cgi-bin/material/get_materialcount',
      ({ state }) => {
        const count = (type: string) =>
          [...state.media.values()].filter((one) => one.type === type && one.expiresAt === undefined).length
        return answerJson({
          voice_count: count('voice'),
          video_count: count('video'),
          image_count: count('image'),
          news_count: 0
        })
      },
      accountOnly
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/material/batchget_material',
      ({ exchange, state, body }) => {
        const { type, offset, count } = body
        if (typeof type !== 'string' || ![...Object.keys(RULES), 'news'].includes(type)) throw new Refusal(40004)
        if (typeof count !== 'number' || count < 1 || count > 20 || typeof offset !== 'number' || offset < 0)
          throw new Refusal(40035)
        const all = [...state.media.values()]
          .filter((one) => one.type === type && one.expiresAt === undefined)
          .reverse()
        const item = all.slice(offset, offset + count).map((one) => ({
          media_id: one.id,
          name: one.filename,
          update_time: Math.floor(one.createdAt / 1000),
          url: one.url === undefined ? '' : exchange.publicUrl(one.url)
        }))
        return answerJson({ item, total_count: all.length, item_count: item.length })
      },
      accountOnly
    )
  ]
}

/** The hosts that only serve files: pictures of articles and videos. */
export function fileRoutes(wx: WeChatState): Route[] {
  return [
    route('GET', '/:folder/:name/0', (_, { name = '' }) => {
      const picture = wx.pictures.get(name)
      if (!picture) return new Response(null, { status: 404 })
      return new Response(new Uint8Array(picture.bytes), { headers: { 'content-type': picture.contentType } })
    }),
    route('GET', '/simulator/video/:appId/:file', (_, { appId = '', file = '' }) => {
      const media = wx.of(appId)?.media.get(file.replace(/\.mp4$/, ''))
      return media ? download(media) : new Response(null, { status: 404 })
    })
  ]
}

function parse(value: unknown): unknown {
  if (typeof value !== 'string') return undefined
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
