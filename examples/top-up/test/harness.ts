import type { Simulator } from 'weixin-kit/simulator'
import { type Answer, cookiesOf, logIn } from '../../shared/test/client.ts'
import { type HarnessOptions, type Harness as SharedHarness, startHarness } from '../../shared/test/harness.ts'
import type { Config } from '../src/config.ts'
import { topUp } from '../src/top-up.ts'

type User = ReturnType<Simulator['user']>

export interface Visitor {
  user: User
  mobile: string
  cookie(): string
  get(path: string): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  /** Solves the captcha and asks for a code. */
  askForCode(mobile?: string, options?: { wrong?: boolean }): Promise<Answer>
  /** The code that arrived last. */
  code(): string
  login(mobile?: string, code?: string): Promise<Answer>
  /** Recharges and pays; what the notification did is awaited. */
  recharge(fen: number): Promise<Answer>
}

export interface Harness extends SharedHarness<Config> {
  /** A person in WeChat: `openid` without, `user` with a registered number. */
  visitor(id: string, as?: 'nobody' | 'openid' | 'user'): Promise<Visitor>
  /** The invariants of money, as SQL: names of those that do not hold. */
  broken(): Promise<string[]>
}

let people = 0

export async function startTopUp(options: HarnessOptions = {}): Promise<Harness> {
  const harness = await startHarness(topUp, options)
  const visitor: Harness['visitor'] = async (id, as = 'user') => {
    const mobile = `138${String(10_000_000 + ++people).slice(-8)}`
    const user = harness.simulator.user({ id: `${id}-${people}`, phone: mobile, nickname: id })
    const jar = new Map<string, string>()
    const keep = (answer: Answer) => {
      for (const pair of cookiesOf(answer).split('; ')) {
        const [name = '', value = ''] = pair.split('=')
        if (name) jar.set(name, value)
      }
      return answer
    }
    const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    // Each person has an address of their own: the limits are for addresses too.
    const headers = () => ({ cookie: cookie(), 'x-forwarded-for': `203.0.113.${people % 250}, 10.0.0.1` })
    const get = async (path: string) => keep(await harness.call('GET', path, { headers: headers() }))
    const post = async (path: string, body: unknown = {}) =>
      keep(await harness.call('POST', path, { headers: headers(), body }))
    const person: Visitor = {
      user,
      mobile,
      cookie,
      get,
      post,
      askForCode: async (to = mobile, { wrong = false } = {}) => {
        const { challenge } = (await get('/wechat/geetest')).body.result as { challenge: string }
        return post('/wechat/captcha', { mobile: to, ...user.solveCaptcha(challenge, { wrong }) })
      },
      code: () => user.smsCode() ?? '',
      login: (to = mobile, code = user.smsCode() ?? '') => post('/wechat/login', { mobile: to, code }),
      recharge: async (fen) => {
        const answer = await get(`/wechat/recharge/${fen}`)
        await user.pay(answer.body.pay_params as object)
        return answer
      }
    }
    if (as !== 'nobody') keep(await logIn(harness.url, '/wechat/authorize', user))
    if (as === 'user') {
      await person.askForCode()
      await person.login()
    }
    return person
  }
  const broken = async () => {
    const names: string[] = []
    for (const [name, sql] of Object.entries(INVARIANTS)) {
      if ((await harness.app.database.query(sql)).length > 0) names.push(name)
    }
    return names
  }
  return { ...harness, visitor, broken }
}

/** Each finds the rows that break it. */
const INVARIANTS = {
  'the ledger adds up to the balance':
    'select u.id from users u left join ledger_entries l on l.user_id = u.id group by u.id having u.balance_account <> coalesce(sum(l.amount), 0)',
  'what was paid adds up to the total':
    "select u.id from users u left join recharges r on r.user_id = u.id and r.status = 'paid' group by u.id having u.total_account <> coalesce(sum(r.amount), 0)",
  'what was spent adds up to the used':
    'select u.id from users u left join expenses e on e.user_id = u.id group by u.id having u.used_account <> coalesce(sum(e.cost_money), 0)',
  'one session per user': 'select user_id from expenses where end_time is null group by user_id having count(*) > 1',
  'no balance is negative': 'select id from users where balance_account < 0'
}
