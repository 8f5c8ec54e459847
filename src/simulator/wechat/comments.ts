import type { Route } from '../framework/service.ts'
import { type ApiCall, api, integer, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import type { CommentRecord } from './records.ts'
import type { WeChatState } from './state.ts'

/** `msg_data_id` and `index` of an article, as a key. */
export const articleKey = (msgDataId: unknown, index: unknown) => `${String(msgDataId)}\n${String(index ?? 0)}`

/** Comments of sent articles (留言管理). */
export function commentRoutes(wx: WeChatState): Route[] {
  const row = (path: string, handler: (call: ApiCall, article: string) => unknown) =>
    api(
      wx,
      'POST',
      `/cgi-bin/comment/${path}`,
      (call) => {
        const { massMessages, commentsOff } = call.state
        if (commentsOff) throw new Refusal(88000)
        const id = String(call.body.msg_data_id)
        const sent = [...massMessages.values()].find((one) => one.msgDataId === id)
        if (!sent || Number(call.body.index ?? 0) >= sent.articles) throw new Refusal(88001)
        return handler(call, articleKey(id, call.body.index))
      },
      { kinds: ['officialAccount'] }
    )
  const found = (call: ApiCall, article: string): CommentRecord => {
    const comment = call.state.comments.get(Number(call.body.user_comment_id))
    if (comment?.article !== article) throw new Refusal(88008)
    return comment
  }
  return [
    row('open', ({ state }, article) => void state.closedComments.delete(article)),
    row('close', ({ state }, article) => void state.closedComments.add(article)),
    row('list', ({ state, body }, article) => {
      const begin = integer(body.begin, 40035, 0, 1e9)
      const count = body.count
      if (typeof count !== 'number' || count <= 0 || count >= 50) throw new Refusal(88010)
      const type = integer(body.type, 40035, 0, 2)
      const all = [...state.comments.values()].filter((one) => one.article === article)
      const fits = all.filter((one) => type === 0 || one.elected === (type === 2))
      return {
        total: all.length,
        comment: fits.slice(begin, begin + count).map((one) => ({
          user_comment_id: one.id,
          openid: one.openid,
          create_time: Math.floor(one.at / 1000),
          content: one.content,
          comment_type: one.elected ? 1 : 0,
          // The sample of the document has a list here, its table an object.
          ...(one.reply
            ? { reply: [{ content: one.reply.content, create_time: Math.floor(one.reply.at / 1000) }] }
            : {})
        }))
      }
    }),
    row('markelect', (call, article) => {
      found(call, article).elected = true
    }),
    row('unmarkelect', (call, article) => {
      found(call, article).elected = false
    }),
    row('delete', (call, article) => void call.state.comments.delete(found(call, article).id)),
    row('reply/add', (call, article) => {
      const comment = found(call, article)
      const content = text(call.body.content, 88007)
      if ([...content].length > 600) throw new Refusal(88007)
      if (comment.reply) throw new Refusal(88005)
      comment.reply = { content, at: wx.now }
    }),
    row('reply/delete', (call, article) => {
      const comment = found(call, article)
      if (!comment.reply) throw new Refusal(88009)
      comment.reply = undefined
    })
  ]
}
