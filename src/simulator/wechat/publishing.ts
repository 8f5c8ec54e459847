import type { Route } from '../framework/service.ts'
import { type ApiCall, answerJson, api, integer, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import { push } from './gateway-events.ts'
import type { Publication } from './records.ts'
import type { AccountState, WeChatState } from './state.ts'

const PUBLISH_MS = 2_000

/** Publishing (发布能力). */
export function publishingRoutes(wx: WeChatState): Route[] {
  const row = (path: string, handler: (call: ApiCall) => unknown) =>
    api(wx, 'POST', `/cgi-bin/freepublish/${path}`, handler, { kinds: ['officialAccount'] })
  const byArticle = (state: AccountState, id: unknown): Publication => {
    const found = [...state.publications.values()].find((one) => one.articleId === id && isDone(one))
    if (found?.result !== 0) throw new Refusal(53600)
    return found
  }
  const isDone = (one: Publication) => one.doneAt <= wx.now
  const shown = (one: Publication) =>
    one.articles.map((article, i) => ({ ...article, url: addressOf(one, i), is_deleted: one.deleted[i] === true }))
  return [
    row('submit', (call) => {
      const { state, account, body } = call
      const draft = state.drafts.get(text(body.media_id, 40007))
      if (!draft) throw new Refusal(40007)
      const publication: Publication = {
        publishId: wx.context.random.digits(10),
        articleId: wx.context.random.text(43),
        articles: draft.articles,
        doneAt: wx.now + PUBLISH_MS,
        result: state.publishResults.shift() ?? 0,
        deleted: []
      }
      state.publications.set(publication.publishId, publication)
      state.drafts.delete(String(body.media_id))
      // Sent in the name of a helper of the platform: there is no person behind it.
      push(wx, account, 'mphelper', PUBLISH_MS, {
        Event: 'PUBLISHJOBFINISH',
        PublishEventInfo: {
          publish_id: publication.publishId,
          publish_status: publication.result,
          ...outcome(publication)
        }
      })
      return { publish_id: publication.publishId, msg_data_id: BigInt(wx.context.random.digits(9)) }
    }),
    row('get', ({ state, body }) => {
      const publication = state.publications.get(String(body.publish_id))
      if (!publication) throw new Refusal(40035)
      const publish_id = publication.publishId
      if (!isDone(publication)) return answerJson({ publish_id, publish_status: 1, fail_idx: [] })
      const isAllDeleted = publication.result === 0 && publication.articles.every((_, i) => publication.deleted[i])
      const publish_status = isAllDeleted ? 5 : publication.result
      const { article_detail, ...rest } = outcome(publication)
      return answerJson({
        publish_id,
        publish_status,
        fail_idx: [],
        ...rest,
        ...(article_detail ? { article_detail } : {})
      })
    }),
    row('delete', ({ state, body }) => {
      const publication = byArticle(state, text(body.article_id, 53600))
      const index = integer(body.index ?? 0, 40035, 0, publication.articles.length)
      for (let i = 0; i < publication.articles.length; i++)
        if (index === 0 || index === i + 1) publication.deleted[i] = true
    }),
    row('getarticle', ({ state, body }) =>
      answerJson({ news_item: shown(byArticle(state, text(body.article_id, 53600))) })
    ),
    row('batchget', ({ state, body }) => {
      const offset = integer(body.offset, 40035, 0, 1e9)
      const count = integer(body.count, 40035, 1, 20)
      const done = [...state.publications.values()].filter((one) => one.result === 0 && isDone(one)).reverse()
      const item = done.slice(offset, offset + count).map((one) => ({
        article_id: one.articleId,
        content: {
          news_item: body.no_content === 1 ? shown(one).map(({ is_deleted, url }) => ({ is_deleted, url })) : shown(one)
        },
        update_time: Math.floor(one.doneAt / 1000)
      }))
      return answerJson({ total_count: done.length, item_count: item.length, item })
    })
  ]
}

function outcome(one: Publication): Record<string, unknown> {
  if (one.result === 2 || one.result === 4) return { fail_idx: [1] }
  if (one.result !== 0) return {}
  const item = one.articles.map((_, i) => ({ idx: i + 1, article_url: addressOf(one, i) }))
  return { article_id: one.articleId, article_detail: { count: item.length, item } }
}

const addressOf = (one: Publication, i: number) =>
  `http://mp.weixin.qq.com/s?__biz=simulator&mid=${one.publishId}&idx=${i + 1}`
