import { responseWithStatus } from './answer-status.ts'
import { CallEntry } from './call-entry.ts'
import type { SimulatorClock } from './clock.ts'
import { ConnectionFault } from './connection-fault.ts'
import { type CoreRequest, Exchange } from './exchange.ts'
import type { Fault, FaultList } from './faults.ts'
import type { ExchangeLog } from './log.ts'
import { headersOf, type RawHeaders } from './raw-headers.ts'
import type { SimulatorService } from './service.ts'
import { isTextResponse } from './text-response.ts'

/** What is added to a response, and how much of it arrives. */
interface AnswerOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The connection breaks after half of the body. */
  readonly truncated?: boolean
}

/** @internal A response and how much of it arrives. */
export class CoreAnswer {
  readonly status: number
  readonly statusText: string
  readonly head: Headers | RawHeaders
  /** The body, where it was made as a text. */
  readonly text: string | undefined
  /** The connection breaks after half of the body. */
  readonly truncated: boolean
  #body: Uint8Array<ArrayBuffer> | undefined
  #response: Response | undefined

  constructor(
    { status, statusText }: Pick<Response, 'status' | 'statusText'>,
    head: Headers | RawHeaders,
    body: string | Uint8Array<ArrayBuffer>,
    { headers = {}, truncated = false }: AnswerOptions = {}
  ) {
    this.status = status
    this.statusText = statusText
    this.head = head
    for (const name in headers) this.headers.set(name, headers[name] ?? '')
    this.text = typeof body === 'string' ? body : undefined
    this.#body = typeof body === 'string' ? undefined : body
    this.truncated = truncated
  }

  get headers(): Headers {
    return headersOf(this.head)
  }

  get body(): Uint8Array<ArrayBuffer> {
    this.#body ??= new TextEncoder().encode(this.text)
    return this.#body
  }

  /** The same as a `Response`, made when a skin asks for one. */
  get response(): Response {
    const { status, statusText, headers, body, truncated } = this
    const arriving = truncated ? brokenBody(body) : body
    this.#response ??= responseWithStatus(NULL_BODY.has(status) ? null : arriving, { status, statusText, headers })
    return this.#response
  }
}

const HTML =
  '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>'
const NULL_BODY = new Set([204, 205, 304])

function hostPattern(host: string): RegExp {
  return new RegExp(`^${host.replace(/[.]/g, '\\.').replace(/\*/g, '[a-z0-9-]*')}$`)
}

/** @internal One function from request to response for every upstream: routing, faults and log. */
export class SimulatorCore {
  readonly #hosts: { readonly expression: RegExp; readonly service: SimulatorService }[] = []
  readonly #byHost = new Map<string, SimulatorService | null>()
  readonly #faults: FaultList
  readonly #log: ExchangeLog
  readonly #clock: SimulatorClock
  readonly hostPatterns: readonly string[]

  constructor(services: readonly SimulatorService[], faults: FaultList, log: ExchangeLog, clock: SimulatorClock) {
    this.#faults = faults
    this.#log = log
    this.#clock = clock
    this.hostPatterns = services.flatMap((service) => service.hosts)
    for (const service of services)
      for (const host of service.hosts) this.#hosts.push({ expression: hostPattern(host), service })
  }

  service(host: string): SimulatorService | undefined {
    const known = this.#byHost.get(host)
    if (known !== undefined) return known ?? undefined
    const name = host.toLowerCase()
    const service = this.#hosts.find(({ expression }) => expression.test(name))?.service
    // Bounded: anybody can send any Host header.
    if (this.#byHost.size < 500) this.#byHost.set(host, service ?? null)
    return service
  }

  /**
   * The upstream URL that a received URL stands for: its host, or the first segment of its path
   * (`/api.weixin.qq.com/cgi-bin/token`).
   */
  upstreamUrl({ hostname, pathname, search }: URL): URL | undefined {
    return this.upstreamOf(hostname, pathname + search)
  }

  /** The same for a name and a target (path and query) as they came. */
  upstreamOf(name: string, target: string): URL | undefined {
    if (this.service(name)) return new URL(`https://${name}${target}`)
    const [, first = '', rest = ''] = /^\/+([^/?]+)(.*)$/.exec(target) ?? []
    if (!first.includes('.') || !this.service(first)) return undefined
    return new URL(`https://${first}${rest.startsWith('/') ? '' : '/'}${rest}`)
  }

  /** Answers a request. Throws {@link ConnectionFault} for faults that are no response. */
  async handle(received: CoreRequest, upstream: URL): Promise<CoreAnswer> {
    const exchange = new Exchange(received, upstream, this.#log.nextId())
    const service = this.service(exchange.host)
    const started = performance.now()
    const time = this.#clock.now()
    const fault = this.#faults.take(exchange)
    let answer: CoreAnswer | undefined
    let note = fault ? `fault: ${fault.kind ?? fault.errcode ?? fault.status ?? 'response'}` : undefined
    try {
      const made = fault ? this.#fail(exchange, service, fault) : run(exchange, service)
      const done = made instanceof Promise ? await made : made
      answer = done instanceof CoreAnswer ? done : await complete(done)
      if (exchange.hint) {
        answer.headers.set('x-simulator-hint', exchange.hint)
        note ??= exchange.hint
      }
      return answer
    } catch (error) {
      note ??= error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      if (error instanceof ConnectionFault) throw error
      // A mistake in the simulator: visible in the log and as a 500, never as a plausible response.
      const body = new Uint8Array(Buffer.from(`The simulator failed: ${note}\n`))
      answer = new CoreAnswer({ status: 500, statusText: '' }, new Headers(), body)
      return answer
    } finally {
      const entry = new CallEntry(exchange, received.headers, {
        service: service?.name ?? 'unknown',
        time,
        durationMs: Math.round(performance.now() - started),
        note,
        status: answer?.status,
        head: answer?.head,
        requestBody: this.#log.bodyText(exchange.body),
        responseBody: answer ? this.#log.bodyText(answer.text ?? answer.body) : ''
      })
      this.#log.add(entry)
    }
  }

  /** A call to a host that nothing is simulated for: in the log, so that nobody searches elsewhere. */
  noteUnknownHost(method: string, url: string, note: string): void {
    this.#log.add({
      id: this.#log.nextId(),
      time: this.#clock.now(),
      direction: 'in',
      service: 'unknown',
      account: undefined,
      method,
      url,
      status: undefined,
      durationMs: 0,
      verified: [],
      refused: [note],
      note: undefined,
      requestBody: '',
      responseBody: ''
    })
  }

  async #fail(exchange: Exchange, service: SimulatorService | undefined, fault: Fault): Promise<CoreAnswer> {
    const real = fault.executed ? await run(exchange, service) : undefined
    const { headers } = fault
    if (fault.kind === 'timeout' || fault.kind === 'reset') throw new ConnectionFault(fault.kind)
    if (fault.kind === 'slow') {
      await new Promise<void>((resolve) => this.#clock.schedule(fault.delayMs ?? 3_000, resolve))
      return complete(real ?? (await run(exchange, service)), { headers })
    }
    if (fault.kind === 'html') {
      const page = new Response(HTML, { status: fault.status ?? 502, headers: { 'content-type': 'text/html' } })
      return complete(page, { headers })
    }
    if (fault.kind === 'truncated')
      return complete(real ?? (await run(exchange, service)), { headers, truncated: true })
    if (fault.response) return complete(await fault.response(exchange), { headers })
    const shaped = await service?.fault?.(exchange, fault, real?.clone())
    if (shaped) return complete(shaped, { headers })
    if (fault.kind === 'bad-signature') return complete(real ?? (await run(exchange, service)), { headers })
    const body =
      fault.errcode === undefined ? '' : JSON.stringify({ errcode: fault.errcode, errmsg: fault.errmsg ?? 'simulated' })
    return complete(new Response(body, { status: fault.status ?? 200 }), { headers })
  }
}

const run = (exchange: Exchange, service: SimulatorService | undefined) =>
  service ? service.handle(exchange) : new Response('unknown host', { status: 404 })

function complete(response: Response, options?: AnswerOptions): CoreAnswer | Promise<CoreAnswer> {
  if (isTextResponse(response)) return new CoreAnswer(response, response.head, response.content, options)
  // A copy: what a handler returned may be shared, or immutable.
  const head = new Headers(response.headers)
  return response.arrayBuffer().then((body) => new CoreAnswer(response, head, new Uint8Array(body), options))
}

/** Half of a body, then what node's fetch reports when the connection breaks in the middle. */
function brokenBody(body: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  const chunks = [body.subarray(0, body.length >> 1)]
  return new ReadableStream({
    pull: (controller) => {
      const chunk = chunks.shift()
      if (chunk) controller.enqueue(chunk)
      else
        controller.error(
          new TypeError('terminated', {
            cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' })
          })
        )
    }
  })
}
