import { WeChatApiError } from 'weixin-kit'
import { z } from 'zod'
import { maybe } from '../../../shared/fields.ts'
import { sliceOf, wholeBetween } from '../../../shared/numbers.ts'
import type { Context } from '../app.ts'
import { type MessageContent, readContent, textOf } from '../content.ts'
import { type Endpoint, get, post } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import { PAGE } from '../input.ts'
import * as model from '../models/chat.ts'
import { dropConsents, useConsent } from '../models/customers.ts'
import { nameOf } from '../models/pair.ts'
import { type Both, CHAT, SENDER_OF_CHAT, withStaff } from '../parties.ts'
import { beijing, viewMessages } from '../views.ts'

const LIST = { ...PAGE, max_id: maybe(wholeBetween(1, Number.MAX_SAFE_INTEGER)) }
const CONTENT = { content: z.unknown() }
const WAIT = { wait: maybe(wholeBetween(0, 25)) }

/** Interfaces 5, 6, 8 and 9: the chat of a customer with a member of the staff. */
export const CHATS: Endpoint[] = [
  get('/qiyeweixin/chat', CHAT, LIST, async ({ input, ...parties }, context) => {
    const { current_page: page = 1, length: size = 20, max_id } = input
    const rows = await model.listMessages(context.db, parties.pair, sliceOf({ page, size }), max_id)
    if (rows[0]) await model.markRead(context.db, parties.pair, parties.reader, rows[0].id)
    return ok('分页获取聊天消息成功', viewMessages(rows, parties, context))
  }),

  post('/qiyeweixin/chat/send_msg/:any(^\\d+$)', SENDER_OF_CHAT, CONTENT, async ({ input, once, ...both }, context) => {
    const { config, chat, background, chatLimit } = context
    const { pair, send_type } = both
    const content = readContent(input.content, config.MEDIA_HOSTS)
    const sender = send_type === 1 ? `staff:${pair.staff_id}` : `customer:${pair.customer_id}`
    if (!(await chatLimit.take(sender)).allowed) throw new AppError(429)
    if (send_type === 2 && 'msg' in content) await check(context, both, content.msg)
    const template = send_type === 1 ? config.SUBSCRIBE_TEMPLATE : undefined
    let isDue = false
    await once(async (tx) => {
      await model.writeMessage(tx, pair, send_type, content)
      isDue = template !== undefined && (await useConsent(tx, pair.customer_id, template))
    })
    chat.wake(nameOf(pair))
    if (isDue) background.run(`notice to customer ${pair.customer_id}`, notify(context, both, content))
    return ok('send msg successful')
  }),

  get(
    '/qiyeweixin/chat/getmsg/:any(^\\d+$)',
    CHAT,
    WAIT,
    async ({ input, request, kept, once, ...parties }, context) => {
      const { db, chat } = context
      const { pair, reader } = parties
      // A repeat whose first response was lost gets the same messages.
      const before = await kept<number[]>()
      const hasNew = () => model.hasNew(db, pair, reader)
      const isGone = () => request.raw.socket.destroyed
      const isThere = before || (await chat.wait(nameOf(pair), (input.wait ?? 0) * 1000, hasNew, isGone))
      const ids = isThere ? await once((tx) => model.fetchNew(tx, pair, reader)) : []
      return ok('实时获取-最新聊天记录成功', viewMessages(await model.findMessages(db, ids), parties, context))
    }
  ),

  get('/xiaochengxu/chat/query_num/:any(^\\d+$)', withStaff('u_id'), {}, async ({ pair }, { db }) =>
    ok('查询成功', { chatinfo_count: await model.countUnread(db, pair, 2) })
  )
]

/** Content check of WeChat, of which only customers have an openid. */
async function check({ config, miniOf }: Context, { customer }: Both, content: string): Promise<void> {
  if (!config.CONTENT_CHECK) return
  const { mini } = await miniOf(customer.mini_program_id)
  const { result } = await mini.security.msgSecCheck({ content, scene: 2, openid: customer.openid })
  if (result.suggest === 'risky') throw new AppError(303, { msg: '内容含有违规信息' })
}

/** What form ids were for: tells a customer who has agreed that somebody wrote. */
async function notify({ db, config, miniOf }: Context, { customer, staff }: Both, content: MessageContent) {
  const template_id = config.SUBSCRIBE_TEMPLATE ?? ''
  const thing = (value: string) => ({ value: [...value.replace(/\s+/g, ' ')].slice(0, 20).join('') })
  const time3 = { value: beijing(new Date()).slice(0, 16).replace('T', ' ') }
  const data = { thing1: thing(staff.username), thing2: thing(textOf(content) || '[图片]'), time3 }
  const { mini } = await miniOf(customer.mini_program_id)
  await mini.subscribeMessages.send({ touser: customer.openid, template_id, data }).catch(async (error: unknown) => {
    if (!(error instanceof WeChatApiError) || error.upstreamCode !== '43101') throw error
    await dropConsents(db, customer.id, template_id)
  })
}
