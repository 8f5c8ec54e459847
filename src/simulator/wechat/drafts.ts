import type { Route } from '../framework/service.ts'
import { type ApiCall, answerJson, api, object, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import type { Draft } from './records.ts'
import type { WeChatState } from './state.ts'

const MAX_TITLE = 32
const MAX_ARTICLES = 8

function article(call: ApiCall, value: unknown): Record<string, unknown> {
  const given = object(value, 44003)
  if ([...text(given.title, 41011)].length > MAX_TITLE) throw new Refusal(45003)
  const content = text(given.content, 44004)
  if (Buffer.byteLength(content) >= 1024 * 1024 || [...content].length >= 20_000) throw new Refusal(45002)
  if (typeof given.digest === 'string' && [...given.digest].length > 128) throw new Refusal(45004)
  if (typeof given.content_source_url === 'string' && given.content_source_url.length > 1024) throw new Refusal(45005)
  if (given.need_open_comment === 1 && call.state.commentsOff) throw new Refusal(88000)
  const isPermanent = (id: unknown) => {
    const media = call.state.media.get(text(id, 40007))
    return media !== undefined && media.expiresAt === undefined
  }
  if (given.article_type === 'newspic') {
    const { image_list } = object(given.image_info, 40007)
    if (!Array.isArray(image_list) || image_list.length === 0 || image_list.length > 20) throw new Refusal(40007)
    if (!image_list.every((image) => isPermanent(object(image, 40007).image_media_id))) throw new Refusal(40007)
  } else if (!isPermanent(given.thumb_media_id)) throw new Refusal(40007)
  return { ...given }
}

/** Drafts (草稿箱). */
export function draftRoutes(wx: WeChatState): Route[] {
  const kinds = { kinds: ['officialAccount'] as const }
  const found = ({ state, body }: ApiCall): Draft => {
    const draft = state.drafts.get(text(body.media_id, 40007))
    if (!draft) throw new Refusal(40007)
    return draft
  }
  const seconds = () => Math.floor(wx.now / 1000)
  return [
    api(
      wx,
      'POST',
      '/cgi-bin/draft/add',
      (call) => {
        const { articles } = call.body
        if (!Array.isArray(articles) || articles.length === 0) throw new Refusal(44003)
        if (articles.length > MAX_ARTICLES) throw new Refusal(45008)
        const id = wx.context.random.text(43)
        call.state.drafts.set(id, {
          articles: articles.map((one) => article(call, one)),
          createdAt: seconds(),
          updatedAt: seconds()
        })
        return answerJson({ media_id: id })
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/draft/get',
      (call) => {
        const { articles, createdAt, updatedAt } = found(call)
        return answerJson({ news_item: articles, create_time: createdAt, update_time: updatedAt })
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/draft/update',
      (call) => {
        const draft = found(call)
        const index = Number(call.body.index ?? 0)
        if (!draft.articles[index]) throw new Refusal(40035)
        draft.articles[index] = article(call, call.body.articles)
        draft.updatedAt = seconds()
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/draft/delete',
      (call) => {
        found(call)
        call.state.drafts.delete(String(call.body.media_id))
      },
      kinds
    ),
    api(wx, 'GET', '/cgi-bin/draft/count', ({ state }) => answerJson({ total_count: state.drafts.size }), kinds),
    api(
      wx,
      'POST',
      '/cgi-bin/draft/batchget',
      ({ state, body }) => {
        const { offset, count } = body
        if (typeof offset !== 'number' || offset < 0 || typeof count !== 'number' || count < 1 || count > 20)
          throw new Refusal(40035)
        const item = [...state.drafts]
          .reverse()
          .slice(offset, offset + count)
          .map(([media_id, { articles, updatedAt }]) => ({
            media_id,
            content: { news_item: articles },
            update_time: updatedAt
          }))
        return answerJson({ total_count: state.drafts.size, item_count: item.length, item })
      },
      kinds
    )
  ]
}
