import type { Exchange } from '../framework/exchange.ts'
import type { Route } from '../framework/service.ts'
import { type ApiCall, answerJson, api, object, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import { download, unnamed } from './media-files.ts'
import { type Format, formatOf } from './media-format.ts'
import { keep, publish, TEMPORARY_MS } from './media-store.ts'
import type { Media } from './records.ts'
import type { WeChatState } from './state.ts'
import { uploadedFile } from './uploaded-file.ts'

const MIB = 1024 * 1024

interface MediaRule {
  readonly maxBytes: number
  readonly tooBig: number
  /** Content type by first bytes; what is absent is refused with 40005. */
  readonly formats: readonly Format[]
}

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

function find({ wx, state, query }: ApiCall): Media {
  const id = query.get('media_id')
  if (!id) throw new Refusal(41006)
  const media = state.media.get(id)
  if (!media || (media.expiresAt !== undefined && wx.now >= media.expiresAt)) throw new Refusal(40007)
  return media
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
        if (media.type !== 'video') return unnamed(media)
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

function parse(value: unknown): unknown {
  if (typeof value !== 'string') return undefined
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
