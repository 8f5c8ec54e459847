import type { SimulatorContext } from '../framework/context.ts'
import type { Exchange } from '../framework/exchange.ts'
import { createRoutes, listRoutes, type Route, route, type SimulatorService } from '../framework/service.ts'
import { refill } from '../framework/state-json.ts'
import type { CaptchaView } from '../framework/views.ts'
import { register, validate } from './api.ts'
import { type GeetestSolution, pageScript, type SolveOptions, solveCaptcha } from './front-end.ts'
import { GeetestState } from './state.ts'

/** What a test may do with captchas: `simulator.geetest`. */
export interface GeetestControl {
  /**
   * Solves the captcha of a challenge as a browser does, and returns what the page posts.
   *
   * @param challenge Of the register response.
   * @param options How it is solved.
   */
  solve(challenge: string, options?: SolveOptions): GeetestSolution
  /**
   * Geetest is down, or up again: registering fails and the bypass status says so.
   *
   * @param isDown Default `true`.
   */
  setDown(isDown?: boolean): void
  /** Every simulated call, as `GET api.geetest.com/register.php`. */
  readonly endpoints: readonly string[]
}

/** What a person does with a captcha. */
export interface GeetestUserVerbs {
  /**
   * Solves the captcha of a challenge.
   *
   * @param challenge Of the register response.
   * @param options How it is solved.
   */
  solveCaptcha(challenge: string, options?: SolveOptions): GeetestSolution
}

/** @internal Geetest v3 behaviour verification (极验). */
export function createGeetestService(context: SimulatorContext) {
  const state = new GeetestState(context)
  const rows: Readonly<Record<string, Route[]>> = {
    'api.geetest.com': [
      route('GET', '/register.php', (exchange) => register(state, exchange)),
      route('POST', '/validate.php', (exchange) => validate(state, exchange)),
      route('GET', '/simulator/solve', (exchange) => {
        const fields = solveCaptcha(state, exchange.query.get('challenge') ?? '')
        return Response.json(fields, { headers: { 'access-control-allow-origin': '*' } })
      })
    ],
    'bypass.geetest.com': [
      route('GET', '/v1/bypass_status.php', (exchange) => {
        const isKnown = context.accounts.geetest.some(({ captchaId }) => captchaId === exchange.query.get('gt'))
        return Response.json({ status: isKnown && !state.isDown ? 'success' : 'fail' })
      })
    ]
  }
  const tables = new Map(Object.entries(rows).map(([host, own]) => [host, createRoutes(own)]))
  const script = (exchange: Exchange) => {
    const origin = exchange.publicUrl('https://api.geetest.com/').replace(/\/$/, '')
    return new Response(pageScript(origin), { headers: { 'content-type': 'application/javascript; charset=utf-8' } })
  }
  const control: GeetestControl = {
    solve: (challenge, options) => solveCaptcha(state, challenge, options),
    setDown: (isDown = true) => {
      state.isDown = isDown
    },
    endpoints: Object.entries(rows).flatMap(([host, own]) => listRoutes(host, own))
  }
  return {
    name: 'geetest',
    endpoints: control.endpoints,
    hosts: ['api.geetest.com', 'bypass.geetest.com', 'static.geetest.com'],
    handle: (exchange: Exchange): Response | Promise<Response> => {
      if (exchange.host === 'static.geetest.com' && exchange.path.endsWith('.js')) return script(exchange)
      const answer = tables.get(exchange.host)?.(exchange)
      if (answer) return answer
      exchange.noteUnknownPath()
      return new Response('not found', { status: 404 })
    },
    fault: (exchange, { errcode, status }): Response | undefined => {
      if (status !== undefined) return new Response('', { status })
      if (errcode === undefined) return undefined
      // The protocol has no codes: a call fails with a "0" or "false" in place of the digest.
      return Response.json(exchange.path === '/register.php' ? { challenge: '0' } : { seccode: 'false' })
    },
    snapshot: () => {
      const { context: _, ...held } = state
      return held
    },
    restore: (saved: unknown) => refill(state, saved),
    control,
    views: {
      captchas: (most: number): CaptchaView[] =>
        [...state.captchas.values()].slice(-most).map(({ challenge, registeredAt, solutions, used }) => {
          return { challenge, time: registeredAt, isSolved: solutions.length > 0, isUsed: used }
        }),
      isDown: () => state.isDown
    },
    verbs: (): GeetestUserVerbs => ({ solveCaptcha: control.solve })
  } satisfies SimulatorService & Record<string, unknown>
}
