import { type Route, route } from '../framework/service.ts'
import type { Media } from './records.ts'
import type { WeChatState } from './state.ts'

/** The bytes of a file, to be saved. */
export function download(media: Media, contentType = media.contentType, filename = media.filename): Response {
  return new Response(new Uint8Array(media.bytes), {
    headers: {
      'content-type': contentType,
      'content-disposition': disposition(filename)
    }
  })
}

/** Permanent pictures and voice come with no name, labelled as text. */
export function unnamed(media: Media): Response {
  return new Response(new Uint8Array(media.bytes), { headers: { 'content-type': 'text/plain' } })
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
