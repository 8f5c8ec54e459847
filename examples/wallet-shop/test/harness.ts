import { expect } from 'vitest'
import type { Simulator } from 'weixin-kit/simulator'
import { type Answer, cookiesOf, logIn } from '../../shared/test/client.ts'
import {
  type HarnessOptions,
  type Harness as SharedHarness,
  startHarness as startSharedHarness
} from '../../shared/test/harness.ts'
import type { Config } from '../src/config.ts'
import { walletShop } from '../src/wallet-shop.ts'
import { brokenInvariants } from './invariants.ts'

export interface UserView {
  id: number
  name: string
  balance: number
  coupon: number
  phone: number
}

export interface LedgerView {
  money: number
  type: string
  name: string
  item_id: number
}

/** A person who is logged in. */
export interface Shopper {
  person: ReturnType<Simulator['user']>
  cookie: string
  id: number
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  user(): Promise<UserView>
  ledger(type: 0 | 1): Promise<LedgerView[]>
  /** Tops a purse up through WeChat Pay. */
  topUp(money: number, charge?: number): Promise<void>
}

export interface Harness extends SharedHarness<Config> {
  enter(nickname?: string): Promise<Shopper>
  /** A new product; answers its number. */
  addProduct(price: number, name?: string): Promise<number>
  addItem(money: number, charge: number): Promise<number>
  /** Fails when money is not where it must be. */
  checkMoney(): Promise<void>
}

let next = 0
export const key = () => `key-${Date.now()}-${next++}`

export async function startHarness(options?: HarnessOptions): Promise<Harness> {
  const harness = await startSharedHarness(walletShop, options)
  const { database } = harness.app
  const insert = async (table: string, columns: string, values: string) => {
    const [row] = await database.query<{ id: number }>(
      `insert into ${table} (${columns}) values (${values}) returning id`
    )
    return row?.id ?? 0
  }
  const addItem = (money: number, charge: number) =>
    insert('payment_items', 'name, money, charge', `'充值', ${money}, ${charge}`)
  return {
    ...harness,
    addItem,
    addProduct: (price, name = '茶') => insert('products', 'name, price', `'${name}', ${price}`),
    checkMoney: async () => expect(await brokenInvariants(database)).toEqual([]),
    enter: async (nickname = '小明') => {
      const person = harness.simulator.user({ nickname })
      const cookie = cookiesOf(await logIn(harness.url, '/account/authorize', person))
      const call: Shopper['call'] = (method, path, body, headers) =>
        harness.call(method, path, { headers: { cookie, ...headers }, ...(body === undefined ? {} : { body }) })
      const user = async () => (await call('GET', '/user')).body.data as UserView
      return {
        person,
        cookie,
        call,
        user,
        id: (await user()).id,
        ledger: async (type) => (await call('GET', `/ledgers?type=${type}`)).body.data as LedgerView[],
        topUp: async (money, charge = 0) => {
          const item_id = await addItem(money, charge)
          const { body } = await call('POST', '/payment_order', { item_id })
          const { delivery } = await person.pay(body.data as object)
          expect(delivery?.state).toBe('delivered')
        }
      }
    }
  }
}
