import { CASHIER_HOST, CASHIER_PATH } from '../framework/payment-pages.ts'
import type { Simulator } from '../simulator.ts'
import { json } from './control-answer.ts'
import { controlPage } from './control-page.ts'
import { steerDeliveries } from './control-steer.ts'
import { actAs, SERVICE_NAMES, steer, verbsOf } from './control-verbs.ts'

function described(simulator: Simulator, id: string): Record<string, unknown> {
  const user = simulator.user(id)
  const accounts = simulator.context.accounts.wechatAccounts
  return {
    id: user.id,
    ...user.profile,
    openids: Object.fromEntries(accounts.map(({ kind, appId }) => [kind, user.openid(appId)])),
    unionid: user.unionid()
  }
}

/** What is served without a body, beside the topics. */
const PATHS = [
  'users',
  'users/:id',
  'users/:id/:verb',
  'log',
  'messages',
  'deliveries',
  'deliveries/:id/redeliver',
  ...SERVICE_NAMES.map((name) => `${name}/:verb`),
  'cashier?prepay_id=:prepay_id',
  'fail',
  'recover',
  'advance'
]

async function answer(simulator: Simulator, method: string, url: URL, body: unknown): Promise<Response> {
  const [, , topic = '', id = '', verb = ''] = url.pathname.split('/').map(decodeURIComponent)
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  switch (`${method} ${topic}`) {
    case 'GET users': {
      const users = simulator.context.users.all().map((user) => described(simulator, user.id))
      return json({ users, verbs: verbsOf({ ...simulator.user(simulator.context.users.all()[0]?.id ?? 'user-1') }) })
    }
    case 'POST users':
      if (verb) return await actAs(simulator, id, verb, body)
      return json(described(simulator, simulator.user(id ? { ...fields, id } : fields).id))
    case 'GET log': {
      const after = Number(url.searchParams.get('after') ?? 0)
      return json(simulator.log.entries.filter((entry) => entry.id > after))
    }
    case 'GET messages':
      return json(simulator.wechat.messages())
    case 'GET deliveries':
      return json(
        simulator.deliveries.recent.map(({ id: number, kind, url: to, state, attempts }) => ({
          id: number,
          kind,
          url: to,
          state,
          attempts
        }))
      )
    case 'POST deliveries':
      return await steerDeliveries(simulator, id, fields)
    case 'POST fail': {
      const { match, ...fault } = fields
      if (typeof match !== 'string') return json({ error: '"match" must be a text' }, 400)
      simulator.fail(match, fault)
      return json({})
    }
    case 'POST recover':
      simulator.recover()
      return json({})
    case 'POST advance': {
      const { ms } = fields
      if (typeof ms !== 'number' || !(ms >= 0)) return json({ error: '"ms" must be a number' }, 400)
      await simulator.clock.advance(ms, ADVANCE_WAIT_MS)
      return json({ now: simulator.clock.now() })
    }
    default: {
      const service = method === 'POST' && SERVICE_NAMES.find((name) => name === topic)
      if (service) return await steer(simulator, service, id, body)
      return json({ error: `there is no ${method} /-/${topic}`, paths: PATHS }, 404)
    }
  }
}

/** An application that hangs must not hold up the journey in time. */
const ADVANCE_WAIT_MS = 1_000
const CASHIER = `https://${CASHIER_HOST}${CASHIER_PATH}`

/** A page of an upstream under a short name. */
async function openPage(simulator: Simulator, request: Request, page: string): Promise<Response> {
  const url = new URL(request.url)
  const received = {
    method: request.method,
    headers: request.headers,
    body: new Uint8Array(await request.arrayBuffer()),
    transport: url.protocol === 'https:' ? 'https' : 'http',
    receivedTarget: url.pathname + url.search,
    receivedHost: url.host
  } as const
  return (await simulator.core.handle(received, new URL(page + url.search))).response
}

/**
 * @internal Steers a running simulator over HTTP (`/` is a page for a browser, `/-/…` is JSON), so that a person or a test
 * in another language can act. Other web pages must not: only loopback names and only JSON bodies are taken.
 */
export async function control(simulator: Simulator, request: Request): Promise<Response | undefined> {
  const url = new URL(request.url)
  if (url.pathname !== '/' && !url.pathname.startsWith('/-/')) return undefined
  // A page elsewhere could give its own name this address (DNS rebinding), but not change the Host header.
  if (!simulator.context.isLocal(url)) {
    return json({ error: `use a loopback address, or start the simulator with --allow-host ${url.hostname}` }, 403)
  }
  if (url.pathname === '/') return request.method === 'GET' ? controlPage(simulator) : json({}, 405)
  if (url.pathname === '/-/cashier') return await openPage(simulator, request, CASHIER)
  let body: unknown
  if (request.method !== 'GET') {
    // A form of another site cannot have this content type without asking first, and nothing here says yes.
    if (!/^application\/json\b/.test(request.headers.get('content-type') ?? ''))
      return json({ error: 'content-type must be application/json' }, 415)
    try {
      body = JSON.parse((await request.text()) || '{}')
    } catch {
      return json({ error: 'the body is not JSON' }, 400)
    }
  }
  try {
    const answered = await answer(simulator, request.method, url, body)
    if (request.method !== 'GET') simulator.changed()
    return answered
  } catch (error) {
    return json({ error: error instanceof Error ? error.message : String(error) }, 400)
  }
}
