import type { Route } from '../framework/service.ts'
import { type ApiCall, answerJson, api, object, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import { pushPublishResult } from './gateway-events.ts'
import type { Draft, WeChatState } from './state.ts'

const MAX_TITLE = 32
const MAX_ARTICLES = 8
const PUBLISH_MS = 2_000

function article(call: ApiCall, value: unknown): Record<string, unknown> {
  const given = object(value, 44003)
  if ([...text(given.title, 41011)].length > MAX_TITLE) throw new Refusal(45003)
  if (Buffer.byteLength(text(given.content, 44004)) > 1024 * 1024) throw new Refusal(45002)
  const thumb = call.state.media.get(text(given.thumb_media_id, 40007))
  if (!thumb || thumb.expiresAt !== undefined) throw new Refusal(40007)
  return { ...given }
}

/** Drafts (草稿箱) and publishing (发布能力). */
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
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/freepublish/submit',
      (call) => {
        const draft = found(call)
        const publish_id = wx.context.random.digits(10)
        const article_id = wx.context.random.text(43)
        call.state.links.set(`publish ${publish_id}`, {
          article_id,
          count: draft.articles.length,
          at: wx.now + PUBLISH_MS
        })
        call.state.drafts.delete(String(call.body.media_id))
        pushPublishResult(wx, call.account, PUBLISH_MS, publish_id, article_id, draft.articles.length)
        return { publish_id, msg_data_id: BigInt(wx.context.random.digits(9)) }
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/cgi-bin/freepublish/get',
      ({ state, body }) => {
        const publish_id = text(body.publish_id, 40035)
        const job = state.links.get(`publish ${publish_id}`)
        if (!job) throw new Refusal(40035)
        const isDone = Number(job.at) <= wx.now
        return answerJson({
          publish_id,
          publish_status: isDone ? 0 : 1,
          ...(isDone ? { article_id: job.article_id } : {})
        })
      },
      kinds
    )
  ]
}
