import { isLoopbackUrl } from '../framework/production-url.ts'
import type { Simulator } from '../simulator.ts'
import { json } from './control-answer.ts'
import { controlPage } from './control-page.ts'
import { steerDeliveries, steerPay } from './control-steer.ts'

type Person = Readonly<Record<string, unknown>>

function personOf(simulator: Simulator, id: string): Person {
  return { ...simulator.user(id) }
}

function verbsOf(person: Person): string[] {
  const own = Object.entries(person).filter(([, value]) => typeof value === 'function')
  return own.map(([name]) => name).sort()
}

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

async function act(simulator: Simulator, id: string, verb: string, args: unknown): Promise<Response> {
  const person = personOf(simulator, id)
  const does = verbsOf(person).includes(verb) ? person[verb] : undefined
  if (typeof does !== 'function') return json({ error: `no verb ${verb}`, verbs: verbsOf(person) }, 404)
  if (!Array.isArray(args)) return json({ error: 'the body must be a JSON list of arguments' }, 400)
  try {
    return json({ result: (await does(...args)) ?? null })
  } catch (error) {
    return json({ error: error instanceof Error ? error.message : String(error) }, 400)
  }
}

async function answer(simulator: Simulator, method: string, url: URL, body: unknown): Promise<Response> {
  const [, , topic = '', id = '', verb = ''] = url.pathname.split('/').map(decodeURIComponent)
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  switch (`${method} ${topic}`) {
    case 'GET users': {
      const users = simulator.context.users.all().map((user) => described(simulator, user.id))
      return json({ users, verbs: verbsOf(personOf(simulator, simulator.context.users.all()[0]?.id ?? 'user-1')) })
    }
    case 'POST users':
      if (verb) return await act(simulator, id, verb, body)
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
    case 'POST pay':
      return await steerPay(simulator, id, body)
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
      await simulator.clock.advance(ms)
      return json({ now: simulator.clock.now() })
    }
    default:
      return json(
        {
          error: 'unknown',
          paths: [
            'users',
            'users/:id',
            'users/:id/:verb',
            'log',
            'messages',
            'deliveries',
            'deliveries/:id/redeliver',
            'pay/:verb',
            'fail',
            'recover',
            'advance'
          ]
        },
        404
      )
  }
}

/**
 * @internal Steers a running simulator over HTTP (`/` is a page for a browser, `/-/…` is JSON), so that a person or a test
 * in another language can act. Other web pages must not: only loopback names and only JSON bodies are taken.
 */
export async function control(simulator: Simulator, request: Request): Promise<Response | undefined> {
  const url = new URL(request.url)
  if (url.pathname !== '/' && !url.pathname.startsWith('/-/')) return undefined
  // A page elsewhere could give its own name this address (DNS rebinding), but not change the Host header.
  if (!isLoopbackUrl(url)) return json({ error: 'use a loopback address' }, 403)
  if (url.pathname === '/') return request.method === 'GET' ? controlPage(simulator) : json({}, 405)
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
    return await answer(simulator, request.method, url, body)
  } catch (error) {
    return json({ error: error instanceof Error ? error.message : String(error) }, 400)
  }
}
