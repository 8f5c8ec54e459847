import type { SimulatorContext } from '../framework/context.ts'
import type { Exchange } from '../framework/exchange.ts'
import { createRoutes, listRoutes, type Route, route, type SimulatorService } from '../framework/service.ts'
import { refill } from '../framework/state-json.ts'
import type { UserRecord } from '../framework/users.ts'
import { accountRoutes } from './account.ts'
import { createYunpianControl, createYunpianVerbs } from './control.ts'
import { answerRefusal, YunpianRefusal } from './refusal.ts'
import { ReportOffice } from './reports.ts'
import { queryRoutes } from './sms-query.ts'
import { sendRoutes } from './sms-send.ts'
import { YunpianState } from './state.ts'
import { resumeReviews, templateRoutes } from './templates.ts'
import { flowRoutes, voiceRoutes } from './voice-and-flow.ts'

/** @internal Yunpian SMS (云片). */
export function createYunpianService(context: SimulatorContext) {
  const state = new YunpianState(context)
  const office = new ReportOffice(state)
  const listEndpoints = () => Object.entries(rows).flatMap(([host, own]) => listRoutes(host, own))
  const control = createYunpianControl(state, office, listEndpoints)
  const sms: Route[] = [
    ...sendRoutes(state, office),
    ...queryRoutes(state),
    ...templateRoutes(state),
    ...accountRoutes(state),
    // The phones of this simulator, for whoever cannot look into its process.
    route('GET', '/simulator/inbox/:mobile', (_, { mobile = '' }) => {
      try {
        return Response.json(control.inbox(mobile))
      } catch (error) {
        if (error instanceof YunpianRefusal) return answerRefusal(error)
        throw error
      }
    })
  ]
  const rows: Readonly<Record<string, Route[]>> = {
    'sms.yunpian.com': sms,
    'us.yunpian.com': sms,
    'voice.yunpian.com': voiceRoutes(state, office),
    'flow.yunpian.com': flowRoutes(state, office)
  }
  const tables = new Map(Object.entries(rows).map(([host, own]) => [host, createRoutes(own)]))
  return {
    name: 'yunpian',
    hosts: Object.keys(rows),
    endpoints: listEndpoints(),
    handle: (exchange: Exchange): Response | Promise<Response> => {
      const answer = tables.get(exchange.host)?.(exchange)
      if (answer) return answer
      exchange.noteUnknownPath()
      return new Response('404', { status: 404 })
    },
    fault: (_, { errcode, errmsg, status }) => {
      if (errcode === undefined && status === undefined) return undefined
      const code = Number(errcode ?? -50)
      const refusal = new YunpianRefusal(code, errmsg)
      return answerRefusal(refusal, status ?? 400)
    },
    snapshot: () => {
      const { context: _, accounts, ...held } = state
      const perAccount = [...accounts].map(([apiKey, { account: __, ...own }]) => [apiKey, own] as const)
      return { held, accounts: Object.fromEntries(perAccount) }
    },
    restore: (saved: unknown) => {
      const { held, accounts } = saved as { held: unknown; accounts: Record<string, unknown> }
      const { limits } = state
      refill(state, held)
      // The object stays: whoever holds `simulator.yunpian.limits` changes this one.
      Object.assign(limits, state.limits)
      Object.assign(state, { limits })
      for (const [apiKey, own] of Object.entries(accounts)) {
        const target = state.accounts.get(apiKey)
        if (target) refill(target, own)
      }
      office.resume()
      resumeReviews(state)
    },
    control,
    verbs: (user: UserRecord) => createYunpianVerbs(control, user)
  } satisfies SimulatorService & Record<string, unknown>
}
