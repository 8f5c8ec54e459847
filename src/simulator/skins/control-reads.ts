import type { Delivery } from '../framework/delivery.ts'
import type { LogEntry } from '../framework/log.ts'
import type { DeliveryView, PhoneView, StateView, UserView } from '../framework/views.ts'
import type { SteeredSimulator } from '../steered-simulator.ts'
import { accountVariables } from './account-variables.ts'
import { json } from './control-answer.ts'
import { eventStream } from './events.ts'
import { exchangeRow, exchangeView } from './exchange-row.ts'

/** Rows that one response has at most. */
const MOST_ROWS = 10_000
const MOST_OBJECTS = 200
const MOST_UPCOMING = 100

const deliveryView = (one: Delivery): DeliveryView => {
  const { id, kind, account, subject, url, state, attempts, nextAt, retryAfterMs } = one
  return { id, kind, account, subject, url, state, attempts, nextAt, retryAfterMs }
}

export function userView(simulator: SteeredSimulator, id: string): UserView {
  const { profile } = simulator.user(id)
  const { nickname, headimgurl, phone, countryCode, realName } = profile
  return { id, nickname, headimgurl, phone, countryCode, realName }
}

function phoneView(simulator: SteeredSimulator, id: string): PhoneView {
  const user = simulator.user(id)
  const { wechat, pay } = simulator.views
  return {
    user: userView(simulator, id),
    chats: wechat.chats(user),
    sms: user.smsInbox(),
    orders: pay.orders(user),
    money: pay.money(user)
  }
}

function stateView(simulator: SteeredSimulator): StateView {
  const { clock } = simulator.context
  return {
    now: clock.now(),
    realTime: clock.transport(),
    isManual: clock.manual,
    upcoming: clock.upcoming(MOST_UPCOMING).map(({ dueAt, label }) => ({ at: dueAt, label })),
    faults: simulator.faults.list(),
    modes: simulator.deliveries.modes,
    isCaptchaDown: simulator.views.geetest.isDown(),
    balances: simulator.views.pay.balances()
  }
}

const isAfter = (after: number) => (entry: LogEntry) => entry.id > after

/** Bytes of somebody: shown as a picture or a text, and never run. */
function bytes(found: { data: Uint8Array; contentType: string } | undefined): Response {
  if (!found) return json({ error: 'there is nothing of that name' }, 404)
  const isPicture = /^image\/[\w.+-]+$/.test(found.contentType)
  return new Response(new Uint8Array(found.data), {
    headers: {
      'content-type': isPicture ? found.contentType : 'text/plain; charset=utf-8',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store'
    }
  })
}

function codes(simulator: SteeredSimulator) {
  const { wechat, pay } = simulator.views
  const opened = simulator.log
    .find('open.weixin.qq.com/connect/')
    .filter(({ method }) => method === 'GET')
    .map(({ url, time }) => {
      const target = new URL(url).searchParams.get('redirect_uri') ?? ''
      return { time, kind: 'authorize', text: url, title: target } as const
    })
  const all = [...pay.codes(), ...wechat.codes(), ...opened].sort((a, b) => b.time - a.time)
  return [...new Map(all.map((code) => [code.text, code])).values()].slice(0, 50)
}

/** @internal `GET /-/…`; `undefined` for a topic that cannot be read. */
export function read(
  simulator: SteeredSimulator,
  url: URL,
  topic: string,
  id: string,
  more: string
): Response | undefined {
  const { log, deliveries, views } = simulator
  const query = url.searchParams
  const after = Number(query.get('after') ?? 0)
  switch (topic) {
    case 'events':
      return eventStream(simulator)
    case 'state':
      return json(stateView(simulator))
    case 'exchanges': {
      if (id === '') return json(log.entries.filter(isAfter(after)).slice(-MOST_ROWS).map(exchangeRow))
      const entry = log.byId(Number(id))
      return entry ? json(exchangeView(entry)) : json({ error: `no exchange ${id}` }, 404)
    }
    case 'log':
      return json(log.entries.filter(isAfter(after)))
    case 'phone':
      return simulator.context.users.byId(id)
        ? json(phoneView(simulator, id))
        : json({ error: `nobody is called ${id}: POST /-/users/${id} makes a person` }, 404)
    case 'messages':
      return json(simulator.wechat.messages())
    case 'deliveries': {
      if (id === '') {
        const subject = query.get('subject')
        return json(deliveries.recent.filter((one) => subject === null || one.subject === subject).map(deliveryView))
      }
      const found = deliveries.recent.find((one) => String(one.id) === id)
      return found ? json(deliveryView(found)) : json({ error: `no delivery ${id}` }, 404)
    }
    case 'orders':
      return json(views.pay.orders())
    case 'money':
      return json(views.pay.money())
    case 'codes':
      return json(codes(simulator))
    case 'sms':
      return json(simulator.yunpian.messages().slice(-MOST_OBJECTS))
    case 'captchas':
      return json(views.geetest.captchas(MOST_OBJECTS))
    case 'objects': {
      if (id === '') return json(views.qiniu.objects(MOST_OBJECTS))
      const object = simulator.qiniu.object(query.get('key') ?? more, id)
      return bytes(object && { data: object.data, contentType: object.mimeType })
    }
    case 'media':
      return bytes(views.wechat.media(id, more))
    case 'accounts': {
      const groups = accountVariables(simulator.credentials, {
        url: url.origin,
        baseUrl: (host) => `${url.origin}/${host}`
      })
      return json(Object.entries(groups).map(([title, values]) => ({ title, values })))
    }
    case 'endpoints':
      return json(simulator.endpoints)
    case 'faults':
      return json(simulator.faults.list())
    default:
      return undefined
  }
}
