import type { Route } from '../framework/service.ts'
import { answerJson, api, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import { formatOf } from './media-format.ts'
import type { AccountState, WeChatState } from './state.ts'
import { uploadedFile } from './uploaded-file.ts'

const MAX_ACCOUNTS = 100
const MAX_HEAD_BYTES = 5 * 1024 * 1024
const INVITE_SECONDS = 86_400

/** Customer-service accounts (客服账号). */
export function customerAccountRoutes(wx: WeChatState): Route[] {
  const kinds = { kinds: ['officialAccount'] as const }
  const name = (value: unknown) => {
    const given = text(value, 61452)
    const [, prefix = ''] = /^([^@]*)@(.+)$/.exec(given) ?? []
    if (prefix.length > 10) throw new Refusal(61454)
    if (!/^[A-Za-z0-9]+$/.test(prefix)) throw new Refusal(prefix === '' ? 61452 : 61455)
    return given
  }
  const known = (state: AccountState, value: unknown) => {
    const account = state.customerAccounts.get(name(value))
    if (!account) throw new Refusal(61452)
    return account
  }
  const nickname = (value: unknown) => {
    const given = text(value, 40035)
    if ([...given].length > 16) throw new Refusal(40035)
    return given
  }
  return [
    api(
      wx,
      'GET',
      '/cgi-bin/customservice/getkflist',
      ({ state }) => answerJson({ kf_list: [...state.customerAccounts.values()] }),
      kinds
    ),
    api(
      wx,
      'GET',
      '/cgi-bin/customservice/getonlinekflist',
      ({ state }) => {
        const bound = [...state.customerAccounts.values()].filter(({ kf_wx }) => kf_wx !== undefined)
        return answerJson({
          kf_online_list: bound.map(({ kf_account, kf_id }) => ({ kf_account, status: 1, kf_id, accepted_case: 0 }))
        })
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/customservice/kfaccount/add',
      ({ state, body }) => {
        const kf_account = name(body.kf_account)
        if (state.customerAccounts.has(kf_account)) throw new Refusal(61453)
        if (state.customerAccounts.size >= MAX_ACCOUNTS) throw new Refusal(61456)
        const kf_id = String(1_001 + state.customerAccounts.size)
        state.customerAccounts.set(kf_account, {
          kf_account,
          kf_id,
          kf_nick: nickname(body.nickname),
          kf_headimgurl: ''
        })
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/customservice/kfaccount/inviteworker',
      ({ state, body }) => {
        Object.assign(known(state, body.kf_account), {
          invite_wx: text(body.invite_wx, 40035),
          invite_status: 'waiting',
          invite_expire_time: Math.floor(wx.now / 1000) + INVITE_SECONDS
        })
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/customservice/kfaccount/update',
      ({ state, body }) => {
        known(state, body.kf_account).kf_nick = nickname(body.nickname)
      },
      kinds
    ),
    api(
      wx,
      'POST',
      '/customservice/kfaccount/uploadheadimg',
      async ({ state, query, exchange }) => {
        const account = known(state, query.get('kf_account'))
        const { bytes } = await uploadedFile(exchange)
        if (formatOf(bytes) !== 'image/jpeg') throw new Refusal(61457)
        if (bytes.length > MAX_HEAD_BYTES) throw new Refusal(40009)
        account.kf_headimgurl = `http://mmbiz.qpic.cn/mmbiz/${wx.context.random.text(40)}/0`
      },
      { ...kinds, multipart: true }
    ),
    api(
      wx,
      'GET',
      '/customservice/kfaccount/del',
      ({ state, query }) => void state.customerAccounts.delete(known(state, query.get('kf_account')).kf_account),
      kinds
    )
  ]
}
