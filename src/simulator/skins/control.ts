import { CASHIER_HOST, CASHIER_PATH } from '../framework/payment-pages.ts'
import type { SteeredSimulator } from '../steered-simulator.ts'
import { consoleFile } from './console-files.ts'
import { json } from './control-answer.ts'
import { read } from './control-reads.ts'
import { addFault, advance, endFault, steerDeliveries } from './control-steer.ts'
import { actAs, PERSON_VERBS, SERVICE_NAMES, steer } from './control-verbs.ts'
import { scan } from './scan.ts'

function described(simulator: SteeredSimulator, id: string): Record<string, unknown> {
  const user = simulator.user(id)
  const accounts = simulator.context.accounts.wechatAccounts
  return {
    id: user.id,
    ...user.profile,
    openids: Object.fromEntries(accounts.map(({ kind, appId }) => [kind, user.openid(appId)])),
    unionid: user.unionid()
  }
}

/** What there is, for whoever asks for something else. */
const PATHS = [
  ...[
    'events',
    'state',
    'exchanges?after=:id',
    'exchanges/:id',
    'phone/:user',
    'log?after=:id',
    'messages',
    'deliveries'
  ],
  ...['orders', 'money', 'codes', 'sms', 'captchas', 'objects', 'objects/:bucket?key=:key', 'media/:appid/:id'],
  ...['accounts', 'endpoints', 'faults', 'users', 'users/:id', 'users/:id/:verb', 'scan'],
  ...['deliveries/:id/redeliver', 'deliveries/:id/now', 'deliveries/:id/twice', 'deliveries/:id/hold'],
  ...['deliveries/:id/release', 'cashier?prepay_id=:prepay_id', 'fail', 'faults/:id/end', 'recover', 'advance'],
  ...SERVICE_NAMES.map((name) => `${name}/:verb`)
]

async function answer(simulator: SteeredSimulator, method: string, url: URL, body: unknown): Promise<Response> {
  const [, , topic = '', id = '', verb = ''] = url.pathname.split('/').map(decodeURIComponent)
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  switch (`${method} ${topic}`) {
    case 'GET users': {
      const users = simulator.context.users.all().map((user) => described(simulator, user.id))
      return json({ users, verbs: PERSON_VERBS })
    }
    case 'POST users':
      if (verb) return await actAs(simulator, id, verb, body)
      return json(described(simulator, simulator.user(id ? { ...fields, id } : fields).id))
    case 'POST deliveries':
      return await steerDeliveries(simulator, id, verb, fields)
    case 'POST scan':
      if (typeof fields.text !== 'string') return json({ error: '"text" must be a text' }, 400)
      return json(scan(simulator, fields.text))
    case 'POST fail':
      return addFault(simulator, fields)
    case 'POST faults':
      return endFault(simulator, id, verb)
    case 'POST recover':
      simulator.recover()
      return json({})
    case 'POST advance':
      return await advance(simulator, fields)
    default: {
      const found = method === 'GET' ? read(simulator, url, topic, id, verb) : undefined
      if (found) return found
      const service = method === 'POST' && SERVICE_NAMES.find((name) => name === topic)
      if (service) return await steer(simulator, service, id, body)
      return json({ error: `there is no ${method} /-/${topic}`, paths: PATHS }, 404)
    }
  }
}

/** A picture, script or frame of another site: it could read nothing, but to look at a person makes one. */
function isOfForeignPage({ headers }: Request): boolean {
  return headers.get('sec-fetch-site') === 'cross-site' && headers.get('sec-fetch-mode') !== 'navigate'
}

const CASHIER = `https://${CASHIER_HOST}${CASHIER_PATH}`

/** A page of an upstream under a short name. */
async function openPage(simulator: SteeredSimulator, request: Request, page: string): Promise<Response> {
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
export async function control(simulator: SteeredSimulator, request: Request): Promise<Response | undefined> {
  const url = new URL(request.url)
  if (url.pathname !== '/' && !url.pathname.startsWith('/-/')) return undefined
  // A page elsewhere could give its own name this address (DNS rebinding), but not change the Host header.
  if (!simulator.context.isLocal(url)) {
    return json({ error: `use a loopback address, or start the simulator with --allow-host ${url.hostname}` }, 403)
  }
  const file = consoleFile(url.pathname)
  if (file) return request.method === 'GET' ? file : json({}, 405)
  if (url.pathname === '/-/cashier') return await openPage(simulator, request, CASHIER)
  if (isOfForeignPage(request)) return json({ error: 'only pages of this machine may call this' }, 403)
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
