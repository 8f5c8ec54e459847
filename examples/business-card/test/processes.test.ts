import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppPair, canRunPair, startPair } from '../../shared/test/app-pair.ts'
import { call } from '../../shared/test/client.ts'
import { secretsIn } from '../../shared/test/secrets.ts'
import { PASSWORD, type Party, partyOf, Q, SEED, signed, X } from './harness.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

describe.skipIf(!canRunPair('business-card'))(
  'two processes behind one PostgreSQL and one Redis',
  { timeout: 120_000 },
  () => {
    let pair: AppPair
    let database: pg.Client
    beforeAll(async () => {
      // One address of both, at which nobody listens: notifications are lost.
      const PUBLIC_URL = 'http://127.0.0.1:9'
      pair = await startPair(main, { AES_KEY_SEED: SEED, SUBSCRIBE_TEMPLATE: 'notice', PUBLIC_URL })
      database = new pg.Client({ connectionString: pair.databaseUrl })
      await database.connect()
    }, 120_000)
    afterAll(async () => {
      await database?.end()
      await pair?.stop()
    })
    const number = async (sql: string) => Number(Object.values((await database.query(sql)).rows[0] ?? {})[0])
    const sessionOf = (body: Record<string, unknown>) =>
      (body.data as { ret_data: { user_id: number; token: string } }).ret_data
    const both = ({ user_id, token }: { user_id: number; token: string }) =>
      pair.urls.map((url) => partyOf(url, user_id, token)) as [Party, Party]
    const enter = async () => {
      const user = pair.simulator.user()
      const { body } = await call(pair.urls[0], 'GET', `${X}/login?code=${user.login()}&user_type=2&source=1`)
      const parties = both(sessionOf(body))
      await parties[1].get(`${X}/login/binding`, { user_type: 2, source: 1, uid: 1 })
      return { user, parties, id: parties[0].id, token: parties[0].token }
    }

    it('seed once, and read each other’s tokens', async () => {
      expect([
        await number('select count(*) from companies'),
        await number('select count(*) from mini_programs')
      ]).toEqual([2, 1])
      const { parties } = await enter()
      for (const party of parties) expect((await party.get(`${X}/mingpian/all`)).body.code).toBe(200)
    })

    it('count a signed like once, in both, at once, and after Redis was emptied', async () => {
      const { id, token } = await enter()
      const path = `${X}/mingpian/praise?${signed(id, token)}&uid=1`
      const likes = () => Promise.all([...pair.urls, ...pair.urls].map((url) => call(url, 'GET', path)))
      const answers = await likes()
      await pair.forgetStore()
      answers.push(...(await likes()))
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
      expect([
        await number('select count(*) from praises'),
        await number('select praise_num from staff where id = 1')
      ]).toEqual([1, 1])
      const other = await call(pair.urls[1], 'GET', `${path}&more=1`)
      expect(other.body.code).toBe(404)
    })

    it('wake a poll in one for a message in the other', async () => {
      const { id, parties } = await enter()
      const { body } = await call(pair.urls[0], 'POST', `${Q}/login`, { body: { name: 'zhangju', password: PASSWORD } })
      const [staff] = both(sessionOf(body))
      const waiting = parties[1].get(`${Q}/chat/getmsg/0`, { u_id: 1, wait: 20 })
      await staff.post(`${Q}/chat/send_msg/0`, {
        customer_id: id,
        user_id: 1,
        send_type: 1,
        content: { info_type: 1, msg: '在' }
      })
      expect((await waiting).body.data).toMatchObject([{ msg: '在' }])
    })

    it('make one order of twenty taps, and lose no payment when one is killed before it is told', async () => {
      const { user, parties, id } = await enter()
      const taps = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          parties[index % 2 === 0 ? 0 : 1].post(`${X}/yuZhiFu`, { u_id: id, goodsId: 3, xiaochengxu_id: 1 })
        )
      )
      const packages = new Set(taps.map(({ body }) => (body.data as { package: string }).package))
      expect([packages.size, await number(`select count(*) from goods_orders where customer_id = ${id}`)]).toEqual([
        1, 1
      ])
      await pair.kill(0)
      await user.pay(taps[0]?.body.data as object)
      expect((await parties[1].get(`${X}/order_status`)).body.data).toMatchObject({ status: 'paid' })
      await pair.restart(0)
      await pair.simulator.clock.advance(60_000)
      expect(await number('select count(*) from ledger_entries')).toBe(1)
    })

    it('write no secret into their logs', () => {
      expect(secretsIn(pair.output(), pair.simulator, { seed: SEED })).toEqual([])
      expect(pair.output()).not.toContain('rand_str')
    })
  }
)
