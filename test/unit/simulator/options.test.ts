import { afterEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator, SimulatorClock } from 'weixin-kit/simulator'

const open: Simulator[] = []
const make = (options: Parameters<typeof createSimulator>[0] = {}) => {
  const simulator = createSimulator({ clock: new SimulatorClock({ startAt: Date.UTC(2026, 0, 1) }), ...options })
  open.push(simulator)
  return simulator
}
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())))

const failing = (act: () => unknown) => async () => act()

describe('createSimulator', () => {
  it.each([
    [{ accounts: { merchant: [{}] } }, 'merchant'],
    [{ accounts: { merchants: {} } }, 'merchants'],
    [{ accounts: { merchants: [{ platformkey: 'both' }] } }, 'platformkey'],
    [{ accounts: { merchants: [{ platformKey: 'bth' }] } }, 'platformKey'],
    [{ accounts: { merchants: [{ apiV3Key: 'short' }] } }, 'apiV3Key'],
    [{ accounts: { wechat: [{ kind: 'miniprogram' }] } }, 'kind'],
    [{ accounts: { wechat: [{ gateway: { encodingAesKey: 'x' } }] } }, 'encodingAesKey'],
    [{ limits: { order: 1 } }, 'order'],
    [{ limits: { orders: 0 } }, 'orders'],
    [{ deliver: 5 }, 'default'],
    [{ deliver: { gatway: 'http://127.0.0.1' } }, 'gatway'],
    [{ deliver: { pay: true } }, 'pay']
  ])('refuses %j', async (options, option) => {
    await expect(failing(() => make(options as never))()).rejects.toMatchObject({ code: 'ERR_CONFIG', option })
  })

  it('says what was meant', () => {
    expect(() => make({ accounts: { merchants: [{ platformkey: 'both' }] } } as never)).toThrow(
      'createSimulator: accounts.merchants[0]: unknown option "platformkey"; did you mean "platformKey"?'
    )
  })
})

describe('fail', () => {
  it.each([
    ['/x', { errcod: 1 }, 'errcod'],
    ['/x', {}, 'kind'],
    ['/x', { executed: true }, 'kind'],
    ['/x', { status: 42 }, 'status'],
    ['/x', { kind: 'tmeout' }, 'kind'],
    ['/x', { kind: 'reset', times: 0 }, 'times'],
    ['/x', { kind: 'slow', delayMs: -1 }, 'delayMs'],
    ['', 'reset', 'match'],
    [5, 'reset', 'match']
  ])('refuses %j, %j', async (match, fault, option) => {
    await expect(failing(() => make().fail(match as never, fault as never))()).rejects.toMatchObject({
      code: 'ERR_CONFIG',
      option
    })
  })

  it('takes a fault without end', () => {
    expect(make().fail('/x', 'reset', Number.POSITIVE_INFINITY).remaining).toBe(Number.POSITIVE_INFINITY)
  })

  it('is checked over HTTP as well', async () => {
    const server = await make().listen({ control: true })
    const answer = await fetch(`${server.url}/-/fail`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ match: '/x', errcod: 45009 })
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: expect.stringContaining('did you mean "errcode"?') })
  })
})

describe('everything else', () => {
  it.each<[string, (simulator: Simulator) => unknown, string]>([
    ['listen({ tsl })', (simulator) => simulator.listen({ tsl: true } as never), 'ERR_CONFIG'],
    // Node takes such a port for the name of a socket file.
    ['listen({ port })', (simulator) => simulator.listen({ port: '8787' } as never), 'ERR_CONFIG'],
    ['new SimulatorClock', () => new SimulatorClock({ startAt: '2026' } as never), 'ERR_CONFIG'],
    ['advance back', ({ clock }) => clock.advance(-1), 'ERR_INVALID_PARAM'],
    ['advance text', ({ clock }) => clock.advance('5' as never), 'ERR_INVALID_PARAM'],
    ['duplicate', ({ deliveries }) => deliveries.duplicate('pay', -1), 'ERR_INVALID_PARAM'],
    ['target', ({ deliveries }) => deliveries.target('pay', 5 as never), 'ERR_CONFIG'],
    ['user', (simulator) => simulator.user({ idd: 'ming' } as never), 'ERR_INVALID_PARAM'],
    ['phone', (simulator) => simulator.user({ phone: 'abc' }), 'ERR_INVALID_PARAM'],
    ['restore', (simulator) => simulator.restore({} as never), 'ERR_INVALID_PARAM'],
    ['version', (simulator) => simulator.restore({ ...simulator.snapshot(), version: 2 as never }), 'ERR_INVALID_PARAM']
  ])('refuses a wrong argument: %s', async (_, act, code) => {
    const simulator = make()
    await expect(failing(() => act(simulator))()).rejects.toMatchObject({ code })
  })
})

it('takes up the time of a snapshot', async () => {
  const before = make()
  await before.clock.advance(86_400_000)
  const after = make()
  after.restore(before.snapshot())
  expect(after.clock.now()).toBe(before.clock.now())
  after.restore(make().snapshot())
  expect(after.clock.now()).toBe(before.clock.now())
})
