import { RateLimit, WeChatApiError } from 'weixin-kit'
import { z } from 'zod'
import { maybe } from '../../../shared/fields.ts'
import { sliceOf, wholeBetween } from '../../../shared/numbers.ts'
import type { Context } from '../app.ts'
import { type MessageContent, readContent } from '../content.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import {
  countUnread,
  fetchNew,
  findMessages,
  hasNew,
  listMessages,
  markRead,
  type Side,
  writeMessage
} from '../models/chat.ts'
import { dropConsents, useConsent } from '../models/customers.ts'
import { type Both, CHAT, SENDER_OF_CHAT, withStaff } from '../parties.ts'
import { beijing, viewMessages } from '../views.ts'

const LARGEST = Number.MAX_SAFE_INTEGER
const LIST = {
  current_page: maybe(wholeBetween(1, 1_000_000)),
  length: maybe(wholeBetween(1, 100)),
  max_id: maybe(wholeBetween(1, LARGEST))
}

/** Interfaces 5, 6, 8 and 9: the chat of a customer with a member of the staff. */
export function chatEndpoints(context: Context): Endpoint[] {
  const { db, seal, minis, chat, store, config, background } = context
  const limit = new RateLimit({ store, name: 'chat', limit: 60, windowSeconds: 60 })
  const openPhone = (sealed: string, reader: Side) => {
    const phone = seal.open('phone', sealed)
    return reader === 1 ? phone : phone.replace(/^(.{3}).*(.{4})$/, '$1****$2')
  }

  return [
    endpoint('GET', '/qiyeweixin/chat', {
      who: CHAT,
      input: LIST,
      handle: async ({ input: { current_page = 1, length = 20, max_id }, ...parties }) => {
        const { pair, reader } = parties
        const rows = await listMessages(db, pair, sliceOf({ page: current_page, size: length }), max_id)
        if (rows[0]) await markRead(db, pair, reader, rows[0].id)
        return ok('分页获取聊天消息成功', viewMessages(rows, parties, openPhone))
      }
    }),

    endpoint('POST', '/qiyeweixin/chat/send_msg/:any(^\\d+$)', {
      who: SENDER_OF_CHAT,
      input: { content: z.unknown() },
      handle: async ({ input, send_type, once, ...both }) => {
        const { pair } = both
        const content = readContent(input.content, config.MEDIA_HOSTS)
        const sender = send_type === 1 ? `staff:${pair.staff_id}` : `customer:${pair.customer_id}`
        if (!(await limit.take(sender)).allowed) throw new AppError(429)
        if (send_type === 2 && 'msg' in content) await check(both, content.msg)
        let isDue = false
        await once(async (tx) => {
          await writeMessage(tx, pair, send_type, content)
          const template = config.SUBSCRIBE_TEMPLATE
          isDue = send_type === 1 && template !== undefined && (await useConsent(tx, pair.customer_id, template))
        })
        chat.wake(`${pair.customer_id} ${pair.staff_id}`)
        if (isDue) background.run(`notice to customer ${pair.customer_id}`, notify(both, content))
        return ok('send msg successful')
      }
    }),

    endpoint('GET', '/qiyeweixin/chat/getmsg/:any(^\\d+$)', {
      who: CHAT,
      input: { wait: maybe(wholeBetween(0, 25)) },
      handle: async ({ input: { wait = 0 }, request, kept, once, ...parties }) => {
        const { pair, reader } = parties
        const name = `${pair.customer_id} ${pair.staff_id}`
        // A repeat whose first response was lost gets the same messages.
        const before = await kept<number[]>()
        const isGone = () => request.raw.socket.destroyed
        const isThere =
          before !== undefined || (await chat.wait(name, wait * 1000, () => hasNew(db, pair, reader), isGone))
        const ids = isThere ? await once((tx) => fetchNew(tx, pair, reader)) : []
        return ok('实时获取-最新聊天记录成功', viewMessages(await findMessages(db, ids), parties, openPhone))
      }
    }),

    endpoint('GET', '/xiaochengxu/chat/query_num/:any(^\\d+$)', {
      who: withStaff('u_id'),
      handle: async ({ pair }) => ok('查询成功', { chatinfo_count: await countUnread(db, pair, 2) })
    })
  ]

  /** Content check of WeChat, of which only customers have an openid. */
  async function check({ customer }: Both, text: string): Promise<void> {
    if (!config.CONTENT_CHECK) return
    const mini = await minis.get(String(customer.mini_program_id))
    const verdict = await mini?.security.msgSecCheck({ content: text, scene: 2, openid: customer.openid })
    if (verdict?.result.suggest === 'risky') throw new AppError(303, { msg: '内容含有违规信息' })
  }

  /** What form ids were for: tells a customer who has agreed that somebody wrote. */
  async function notify({ customer, staff }: Both, content: MessageContent): Promise<void> {
    const template_id = config.SUBSCRIBE_TEMPLATE ?? ''
    const text = 'msg' in content ? content.msg : 'product_name' in content ? content.product_name : '[图片]'
    const thing = (value: string) => ({ value: [...value.replace(/\s+/g, ' ')].slice(0, 20).join('') })
    const time3 = { value: beijing(new Date()).slice(0, 16).replace('T', ' ') }
    const mini = await minis.get(String(customer.mini_program_id))
    await mini?.subscribeMessages
      .send({
        touser: customer.openid,
        template_id,
        data: { thing1: thing(staff.username), thing2: thing(text), time3 }
      })
      .catch(async (error: unknown) => {
        if (!(error instanceof WeChatApiError) || error.upstreamCode !== '43101') throw error
        await dropConsents(db, customer.id, template_id)
      })
  }
}
