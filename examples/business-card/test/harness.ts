import { createHash } from 'node:crypto'
import type { Simulator } from 'weixin-kit/simulator'
import { Seal } from '../../shared/seal.ts'
import { type Answer, type CallOptions, call } from '../../shared/test/client.ts'
import { type HarnessOptions, type Harness as SharedHarness, startHarness } from '../../shared/test/harness.ts'
import { businessCard } from '../src/business-card.ts'
import type { Config } from '../src/config.ts'

export type User = ReturnType<Simulator['user']>
export const X = '/zhugeleida/xiaochengxu'
export const Q = '/zhugeleida/qiyeweixin'
export const PASSWORD = 'business-card'
export const SEED = 'the seed of this test'

/** `md5(timestamp + token)`, by its own hands. */
export const randStr = (timestamp: string, token: string) =>
  createHash('md5').update(timestamp).update(token).digest('hex')

let clock = 0
/** Signed parameters; each in a millisecond of its own. */
export function signed(user_id: number, token: string, timestamp = String(Date.now() - 300_000 + ++clock)): string {
  return `rand_str=${randStr(timestamp, token)}&timestamp=${timestamp}&user_id=${user_id}`
}

/** Somebody who signs. */
export interface Party {
  id: number
  token: string
  get(path: string, query?: Record<string, string | number>, options?: CallOptions): Promise<Answer>
  post(path: string, body?: unknown, options?: CallOptions): Promise<Answer>
}

export interface Person extends Party {
  user: User
}

export interface CardHarness extends SharedHarness<Config> {
  party(id: number, token: string, url?: string): Party
  /** A customer who is logged in, and bound to these members of the staff. */
  customer(options?: { staff?: number[]; mini?: number; user?: User; pid?: number }): Promise<Person>
  staff(login: string): Promise<Party>
  /** A second mini program, of the second company. */
  secondMini: number
  /** The first number of a query. */
  number(sql: string): Promise<number>
}

export function partyOf(url: string, id: number, token: string): Party {
  const at = (path: string, query: Record<string, string | number> = {}) => {
    const more = Object.entries(query).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`)
    return `${path}${path.includes('?') ? '&' : '?'}${signed(id, token)}${more.join('')}`
  }
  return {
    id,
    token,
    get: (path, query, options) => call(url, 'GET', at(path, query), options),
    post: (path, body = {}, options) => call(url, 'POST', at(path), { ...options, body })
  }
}

let people = 0
export const SECOND_APP = { kind: 'miniProgram', appId: 'wx00000000000000b2', appSecret: 'b'.repeat(32) } as const
export const MERCHANTS = ['a', 'b', 'c'].map((letter, index) => ({
  mchId: `160000000${index + 1}`,
  apiKey: letter.repeat(32),
  name: `商户 ${letter}`
}))

export async function startCards(options: HarnessOptions = {}): Promise<CardHarness> {
  const harness = await startHarness(businessCard, {
    ...options,
    environment: { AES_KEY_SEED: SEED, ...options.environment },
    simulator: {
      accounts: { wechat: [{ kind: 'miniProgram' }, SECOND_APP], merchants: MERCHANTS },
      ...options.simulator
    }
  })
  const { database } = harness.app
  const number = async (sql: string) => Number(Object.values((await database.query<object>(sql))[0] ?? {})[0])
  const sealed = new Seal(SEED).seal('mini program', SECOND_APP.appSecret)
  const secondMini = await number(
    `insert into mini_programs (company_id, app_id, secret_sealed) values (2, '${SECOND_APP.appId}', '${sealed}') returning id`
  )
  const party: CardHarness['party'] = (id, token, url = harness.url) => partyOf(url, id, token)
  return {
    ...harness,
    number,
    secondMini,
    party,
    customer: async ({
      staff = [1],
      mini = 1,
      pid,
      user = harness.simulator.user({ id: `person-${++people}` })
    } = {}) => {
      const account = mini === 1 ? harness.simulator.credentials.miniProgram.appId : SECOND_APP.appId
      const code = user.login({ account })
      const query = `code=${code}&user_type=2&source=1&xiaochengxu_id=${mini}`
      const { body } = await harness.call('GET', `${X}/login?${query}`)
      const { user_id, token } = (body.data as { ret_data: { user_id: number; token: string } }).ret_data
      const person = { user, ...party(user_id, token) }
      for (const uid of staff) {
        const parent = pid === undefined ? {} : { pid }
        await person.get(`${X}/login/binding`, { user_type: 2, source: 1, uid, ...parent })
      }
      return person
    },
    staff: async (login) => {
      const { body } = await harness.call('POST', `${Q}/login`, { body: { name: login, password: PASSWORD } })
      const { user_id, token } = (body.data as { ret_data: { user_id: number; token: string } }).ret_data
      return party(user_id, token)
    }
  }
}
