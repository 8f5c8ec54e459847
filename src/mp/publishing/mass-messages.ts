import type { RequestOptions } from '../../core/client-options.ts'
import { integer, oneOf } from '../../core/options.ts'
import { WeChatApiError } from '../../errors/index.ts'
import { bytes, checkFields, items, paramError, present } from '../../wechat-api/check-params.ts'
import { post } from '../../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../../wechat-api/wechat-api-client.ts'
import type { WireId } from '../../wechat-api/wire-types.ts'

/** Content of a mass message. */
export type MassContent =
  | { msgtype: 'mpnews'; mpnews: { media_id: string }; send_ignore_reprint?: 0 | 1 | undefined }
  | { msgtype: 'text'; text: { content: string } }
  | { msgtype: 'voice'; voice: { media_id: string } }
  | {
      msgtype: 'image'
      images: {
        media_ids: readonly string[]
        recommend?: string | undefined
        need_open_comment?: 0 | 1 | undefined
        only_fans_can_comment?: 0 | 1 | undefined
      }
    }
  /** `media_id` comes from `massMessages.uploadVideo`. */
  | { msgtype: 'mpvideo'; mpvideo: { media_id: string; title?: string | undefined; description?: string | undefined } }
  | { msgtype: 'wxcard'; wxcard: { card_id: string } }

/** Recipients of a mass message. */
export type MassAudience = { to: 'all' } | { to: 'tag'; tag_id: number } | { to: 'openids'; openids: readonly string[] }

/** An accepted mass message. `repeated`: an earlier call with the same `clientmsgid` was accepted. */
export interface MassJob {
  msg_id: WireId
  /** For comments and statistics; only for articles. */
  msg_data_id?: WireId
  repeated?: true
}

/** A video that can be sent to many. */
export interface MassVideo {
  type: 'video' | (string & {})
  media_id: string
  /** Seconds since 1970. */
  created_at: number
}

/** Errcode for a `clientmsgid` that was used within 24 hours. */
const SENT_ALREADY = 45065
const KINDS = ['mpnews', 'text', 'voice', 'image', 'mpvideo', 'wxcard'] as const

const SEND_ALL = post<object, MassJob>('massMessages.send', '/cgi-bin/message/mass/sendall', { returns: 'msg_id' })
const SEND = post<object, MassJob>('massMessages.send', '/cgi-bin/message/mass/send', { returns: 'msg_id' })
const PREVIEW = post<object, { msg_id?: WireId }>('massMessages.preview', '/cgi-bin/message/mass/preview', {
  returns: '*'
})
const DELETE = post<{ msg_id?: WireId | undefined; article_idx?: number | undefined; url?: string | undefined }>(
  'massMessages.delete',
  '/cgi-bin/message/mass/delete',
  { rules: { 'article_idx?': integer(0, 8) } }
)
const GET = post<{ msg_id: WireId }, { msg_id: WireId; msg_status: string }>(
  'massMessages.get',
  '/cgi-bin/message/mass/get',
  { idempotent: true, returns: 'msg_status' }
)
const SPEED = post<object, { speed: number; realspeed: number }>(
  'massMessages.speed',
  '/cgi-bin/message/mass/speed/get',
  { idempotent: true, returns: 'speed' }
)
const SET_SPEED = post<{ speed: 0 | 1 | 2 | 3 | 4 }>('massMessages.setSpeed', '/cgi-bin/message/mass/speed/set', {
  rules: { speed: integer(0, 4) },
  idempotent: true
})
const UPLOAD_VIDEO = post<
  { media_id: string; title?: string | undefined; description?: string | undefined },
  MassVideo
>('massMessages.uploadVideo', '/cgi-bin/media/uploadvideo', { rules: { media_id: present }, returns: 'media_id' })

/** Mass messages (群发): the same message to many followers. The event `MASSSENDJOBFINISH` reports the result. */
export class MassMessages {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Sends to all, to a tag, or to 2 to 10,000 openids (根据标签进行群发 sendall, 根据OpenID列表群发 send).
   *
   * A mass message cannot be recalled from the chats. Always set a `clientmsgid`: with it a retry after a timeout does
   * not send twice.
   *
   * @param audience The recipients.
   * @param content The message. `clientmsgid`: up to 64 bytes, remembered for 24 hours.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45028 (no quota left), 48001, 48003, 45066 (retried too soon), 89503 (an
   * administrator must confirm)
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * await mp.massMessages.send({ to: 'tag', tag_id: 100 }, { msgtype: 'text', text: { content: 'Hello' }, clientmsgid: 'hello-2026-03-01' })
   */
  async send(
    audience: MassAudience,
    content: MassContent & { clientmsgid?: string | undefined },
    options?: RequestOptions
  ): Promise<MassJob> {
    const owner = { operation: SEND.operation, product: this.#api.product }
    checkFields(owner, audience, { to: oneOf('all', 'tag', 'openids') })
    this.#checkContent(SEND.operation, content)
    checkFields(owner, content, { 'clientmsgid?': bytes(64) })
    // With its own id the upstream recognises a retry.
    const idempotent = content.clientmsgid !== undefined
    try {
      if (audience.to === 'openids') {
        checkFields(owner, audience, { openids: items(10_000, 2) })
        return await this.#api.call({ ...SEND, idempotent }, { touser: audience.openids, ...content }, options)
      }
      if (audience.to === 'tag') checkFields(owner, audience, { tag_id: integer(0) })
      const filter = audience.to === 'tag' ? { is_to_all: false, tag_id: audience.tag_id } : { is_to_all: true }
      return await this.#api.call({ ...SEND_ALL, idempotent }, { filter, ...content }, options)
    } catch (error) {
      if (!(error instanceof WeChatApiError && error.errcode === SENT_ALREADY)) throw error
      const { msg_id } = (error.body ?? {}) as { msg_id?: WireId }
      if (msg_id === undefined) throw error
      return { msg_id, repeated: true }
    }
  }

  /**
   * Turns an uploaded video into one that can be sent to many (上传视频 uploadvideo).
   *
   * @param params `media_id` of `media.upload` or `materials.add`, of the type `video`; the title and the description that the card shows.
   * @param options Options of this call.
   * @returns The video with the `media_id` for `mpvideo`.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40007 (not a video, or expired)
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @example
   * const { media_id } = await mp.massMessages.uploadVideo({ media_id: uploaded.media_id, title: 'Tea' })
   * await mp.massMessages.send({ to: 'all' }, { msgtype: 'mpvideo', mpvideo: { media_id }, clientmsgid: 'tea-1' })
   */
  uploadVideo(
    params: { media_id: string; title?: string | undefined; description?: string | undefined },
    options?: RequestOptions
  ): Promise<MassVideo> {
    return this.#api.call(UPLOAD_VIDEO, params, options)
  }

  /**
   * Sends a preview of a message to one user (预览接口 preview), about 100 times a day.
   *
   * @param receiver An openid, or a WeChat id.
   * @param content The message. Of pictures only one, by its media id.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40003, 40007
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async preview(
    receiver: { touser: string } | { towxname: string },
    content: MassContent,
    options?: RequestOptions
  ): Promise<void> {
    const owner = { operation: PREVIEW.operation, product: this.#api.product }
    const isOpenid = (receiver as { touser?: unknown } | null)?.touser !== undefined
    checkFields(owner, receiver, isOpenid ? { touser: present } : { towxname: present })
    this.#checkContent(PREVIEW.operation, content)
    // Only in the preview, a picture is `image` with one media id.
    const shown =
      content.msgtype === 'image' ? { msgtype: 'image', image: { media_id: content.images.media_ids[0] } } : content
    await this.#api.call(PREVIEW, { ...receiver, ...shown }, options)
  }

  /**
   * Removes the page of a sent article or video (删除群发 delete). The card stays in the chats.
   *
   * @param params `msg_id`, with `article_idx` from 1 for one article; or `url`.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40059
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async delete(
    params: { msg_id: WireId; article_idx?: number | undefined } | { url: string },
    options?: RequestOptions
  ): Promise<void> {
    const owner = { operation: DELETE.operation, product: this.#api.product }
    const hasId = (params as { msg_id?: unknown } | undefined)?.msg_id !== undefined
    if (!hasId) checkFields(owner, params, { url: present })
    await this.#api.call(DELETE, params, options)
  }

  /**
   * Returns the state of a mass message (查询群发消息发送状态 get): `SEND_SUCCESS`, `SENDING`, `SEND_FAIL`, `DELETE`.
   *
   * @param msg_id Id from `send`.
   * @param options Options of this call.
   * @returns `msg_status`.
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  async get(msg_id: WireId, options?: RequestOptions): Promise<string> {
    return (await this.#api.call(GET, { msg_id: String(msg_id) }, options)).msg_status
  }

  /**
   * Returns the speed (获取群发速度 speed/get): 0 is 800,000 a minute, 4 is 100,000.
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   */
  speed(options?: RequestOptions): Promise<{ speed: number; realspeed: number }> {
    return this.#api.call(SPEED, {}, options)
  }

  /**
   * Sets the speed (设置群发速度 speed/set).
   *
   * @param speed 0 is 800,000 a minute, 1 600,000, 2 450,000, 3 300,000, 4 100,000.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 45083, 45084
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  setSpeed(speed: 0 | 1 | 2 | 3 | 4, options?: RequestOptions): Promise<void> {
    return this.#api.call(SET_SPEED, { speed }, options)
  }

  #checkContent(operation: string, content: MassContent): void {
    const owner = { operation, product: this.#api.product }
    checkFields(owner, content, { msgtype: oneOf(...KINDS) })
    const body = (content as unknown as Record<string, unknown>)[
      content.msgtype === 'image' ? 'images' : content.msgtype
    ]
    if (typeof body !== 'object' || body === null) throw paramError(owner, content.msgtype, 'is required')
    if (content.msgtype === 'text') checkFields(owner, content.text, { content: present })
    else if (content.msgtype === 'image') checkFields(owner, content.images, { media_ids: items(20) })
    else if (content.msgtype === 'wxcard') checkFields(owner, content.wxcard, { card_id: present })
    else checkFields(owner, body, { media_id: present })
  }
}
