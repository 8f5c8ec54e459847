import type { ApiCall } from './api.ts'
import { EXTENSIONS, type Format, formatOf } from './media-format.ts'
import type { Media } from './records.ts'
import type { WeChatState } from './state.ts'

export const TEMPORARY_MS = 3 * 86_400_000

/** Keeps a file of an account. */
export function keep(call: Pick<ApiCall, 'wx' | 'state'>, media: Omit<Media, 'id' | 'createdAt'>): Media {
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

/** Puts a picture where a browser finds it and returns its upstream URL. */
export function publish(wx: WeChatState, bytes: Buffer, format: Format): string {
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
