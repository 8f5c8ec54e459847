import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type CardHarness, type Person, signed, startCards, X } from './harness.ts'

const done = vi.hoisted(() => [] as string[])
vi.mock('node:crypto', async (importActual) => {
  const actual = await importActual<typeof import('node:crypto')>()
  const counted =
    <Args extends unknown[], Result>(name: string, work: (...args: Args) => Result) =>
    (...args: Args) => {
      done.push(args[0] === 'md5' ? `${name} md5` : name)
      return work(...args)
    }
  return {
    ...actual,
    createHash: counted('createHash', actual.createHash),
    createDecipheriv: counted('createDecipheriv', actual.createDecipheriv as (...args: unknown[]) => unknown),
    timingSafeEqual: counted('timingSafeEqual', actual.timingSafeEqual)
  }
})

let h: CardHarness
let person: Person
let nobody: number
beforeAll(async () => {
  h = await startCards()
  person = await h.customer()
  nobody = (await h.number('select max(id) from customers')) + 1
}, 60_000)
afterAll(() => h.close())

/** A refused request: what the caller sees of it, and what the server did for it. */
async function refused(id: number | string, token: string) {
  const query = vi.spyOn(h.app.database.db, 'select')
  const path = `${X}/mingpian/all?${signed(Number(id), token).replace(/user_id=.*/, `user_id=${id}`)}`
  done.length = 0
  const { status, headers, text } = await h.call('GET', path)
  const queries = query.mock.calls.length
  query.mockRestore()
  const { date: _, ...shown } = Object.fromEntries(headers)
  return { seen: { status, headers: shown, text }, work: { queries, done: [...done] } }
}

it('an unknown user is refused like a wrong signature, after the same work', async () => {
  const wrong = await refused(person.id, 'x'.repeat(43))
  expect(wrong.seen).toMatchObject({ status: 401, text: '{"code":404,"msg":"非法请求","data":{}}' })
  // Both tokens of a user are opened, signed with and compared, whether there is one or not.
  const count = (what: string) => wrong.work.done.filter((one) => one === what).length
  expect([count('createHash md5'), count('createDecipheriv'), count('timingSafeEqual')]).toEqual([2, 2, 2])
  expect(wrong.work.queries).toBe(1)
  const others: [number | string, string][] = [
    [nobody, 'x'.repeat(43)],
    [nobody, person.token],
    ['9999999999', person.token]
  ]
  for (const [id, token] of others) expect(await refused(id, token)).toEqual(wrong)
  // Who logged in twice has a token before this one: the same work again.
  await h.customer({ user: person.user })
  expect(await refused(person.id, 'x'.repeat(43))).toEqual(wrong)
})

it('the right signature needs no less', async () => {
  const { user, id } = person
  const { token } = await h.customer({ user })
  const path = `${X}/mingpian/all?${signed(id, token)}`
  done.length = 0
  expect((await h.call('GET', path)).body.code).toBe(200)
  expect(done.filter((one) => one === 'createHash md5')).toHaveLength(2)
  expect(done.filter((one) => one === 'timingSafeEqual')).toHaveLength(2)
})
