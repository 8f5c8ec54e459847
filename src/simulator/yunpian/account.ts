import type { Route } from '../framework/service.ts'
import { call, integer, required } from './call.ts'
import { messageOf, YunpianRefusal } from './refusal.ts'
import { beijing, type YunpianAccountState, type YunpianState } from './state.ts'

function describeUser({ user, balance }: YunpianAccountState): Record<string, unknown> {
  return {
    ...user,
    gmt_created: '2015-01-01 00:00:00',
    mobile: '13800000000',
    ip_whitelist: null,
    api_version: 'v2',
    balance: balance / 1000
  }
}

const DAY_MS = 86_400_000

/** The account and short links. */
export function accountRoutes(state: YunpianState): Route[] {
  return [
    call(state, '/v2/user/get.json', ({ own }) => describeUser(own)),
    call(state, '/v2/user/set.json', ({ own, form }) => {
      for (const name of ['emergency_contact', 'emergency_mobile'] as const) {
        const value = form.get(name)
        if (value) own.user[name] = value
      }
      own.user.alarm_balance = integer(form, 'alarm_balance', own.user.alarm_balance, 0, 1_000_000)
      return describeUser(own)
    }),
    call(state, '/v2/short_url/shorten.json', ({ own, form }) => {
      const longUrl = required(form, 'long_url')
      if (!/^https?:\/\//.test(longUrl) || !URL.canParse(longUrl))
        throw new YunpianRefusal(2, '参数 long_url 格式不正确')
      const days = integer(form, 'stat_duration', 30, 0, 30)
      const host = form.get('provider') === '2' ? 't.cn' : 'yp2.cn'
      const sid = state.context.random.text(8)
      const link = {
        sid,
        longUrl,
        shortUrl: `https://${host}/${sid}`,
        name: form.get('name') || '',
        expiresAt: state.now + days * DAY_MS
      }
      own.shortUrls.set(sid, link)
      return {
        code: 0,
        msg: messageOf(0),
        short_url: {
          sid,
          long_url: longUrl,
          short_url: link.shortUrl,
          enter_url: link.shortUrl,
          name: link.name,
          stat_expire: beijing(link.expiresAt)
        }
      }
    }),
    call(state, '/v2/short_url/stat.json', ({ own, form }) => {
      if (!own.shortUrls.has(required(form, 'sid'))) throw new YunpianRefusal(-55)
      return { code: 0, stat: {} }
    })
  ]
}
