import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { describe, expect, it } from 'vitest'
import { keepState } from '../../../src/cli/state-file.ts'
import { StateJournal } from '../../../src/cli/state-journal.ts'
import { createSimulator, SimulatorClock } from '../../../src/simulator/index.ts'

const newPath = () => join(mkdtempSync(join(tmpdir(), 'weixin-kit-')), 'state')
const ignore = () => undefined

async function restored(path: string) {
  const simulator = createSimulator({ clock: new SimulatorClock({ startAt: 0 }) })
  await keepState(simulator, path, ignore)
  return simulator
}

/** A simulator with one of everything that a state is made of: maps of maps, lists, sets, bytes and numbers. */
async function busy() {
  const simulator = createSimulator({ clock: new SimulatorClock({ startAt: Date.UTC(2026, 0, 5) }) })
  const user = simulator.user({ id: 'ming', nickname: '小明' })
  await user.follow()
  await user.send('hello')
  simulator.qiniu.put('a/b c.txt', Buffer.from('bytes'))
  simulator.yunpian.blockWord('badword')
  simulator.pay.setBalance(simulator.credentials.payV3.mchId, 12_345)
  return simulator
}

describe('the state of a simulator in a file', () => {
  it('is what a snapshot is', async () => {
    const simulator = await busy()
    const path = newPath()
    await new StateJournal(path).save(simulator.state)
    const other = await restored(path)
    expect({ ...other.snapshot(), time: 0 }).toEqual({ ...simulator.snapshot(), time: 0 })
    expect(other.qiniu.object('a/b c.txt')?.data.toString()).toBe('bytes')
  })

  it('grows by what changed, also by what is gone', async () => {
    const simulator = await busy()
    const path = newPath()
    const journal = new StateJournal(path)
    simulator.qiniu.put('large', Buffer.alloc(2 * 1024 * 1024, 1))
    await journal.save(simulator.state)
    const first = statSync(path).size
    simulator.user({ id: 'ming', nickname: 'Ming' })
    simulator.user('lily')
    simulator.qiniu.remove('a/b c.txt')
    await journal.save(simulator.state)
    expect(statSync(path).size - first).toBeLessThan(2_000)
    const other = await restored(path)
    expect(other.user('ming').profile.nickname).toBe('Ming')
    expect(other.qiniu.object('a/b c.txt')).toBeUndefined()
    expect(other.qiniu.object('large')?.data).toHaveLength(2 * 1024 * 1024)
    expect({ ...other.snapshot(), time: 0 }).toEqual({ ...simulator.snapshot(), time: 0 })
  })

  it('is written anew when it has grown, and then holds nothing that is gone', async () => {
    const simulator = createSimulator()
    const path = newPath()
    const journal = new StateJournal(path)
    await journal.save(simulator.state)
    const { ino } = statSync(path)
    simulator.qiniu.put('large', Buffer.alloc(6 * 1024 * 1024, 1))
    await journal.save(simulator.state)
    expect(statSync(path)).toMatchObject({ ino })
    simulator.qiniu.remove('large')
    await journal.save(simulator.state)
    expect(statSync(path).ino).not.toBe(ino)
    expect(statSync(path).size).toBeLessThan(1024 * 1024)
  })

  it('loses only the save that a dying process did not finish', async () => {
    const simulator = await busy()
    const path = newPath()
    const journal = new StateJournal(path)
    await journal.save(simulator.state)
    const before = simulator.snapshot()
    simulator.user('lily')
    await journal.save(simulator.state)
    const whole = readFileSync(path)
    for (const cut of [1, 5, 60]) {
      writeFileSync(path, whole.subarray(0, whole.length - cut))
      expect((await restored(path)).snapshot().users).toEqual(before.users)
    }
    appendFileSync(path, '["=","/users')
    expect((await restored(path)).snapshot().users).toEqual(before.users)
  })

  it('takes the JSON of a snapshot, and nothing else', async () => {
    const simulator = await busy()
    const path = newPath()
    writeFileSync(path, JSON.stringify(simulator.snapshot()))
    expect((await restored(path)).snapshot().users).toEqual(simulator.snapshot().users)
    for (const text of ['{}', '[]\n', '["+","","object"]\n', 'hello', '["."]\n']) {
      writeFileSync(path, text)
      await expect(restored(path)).rejects.toThrow('not the state of a simulator')
    }
    await expect(restored('/dev/null')).rejects.toThrow('is not a file')
  })

  it('goes on after a full disk and a folder that was gone', async () => {
    const simulator = createSimulator()
    const path = newPath()
    const lines: string[] = []
    const state = await keepState(simulator, path, (line) => lines.push(line))
    // The draft leads to a device that is always full.
    symlinkSync('/dev/full', `${path}.${process.pid}.new`)
    await state.save()
    expect(lines.join()).toMatch(/not saved.*ENOSPC.*continuing/)
    rmSync(join(path, '..'), { recursive: true })
    await state.save()
    expect(lines.join()).toMatch(/not saved.*ENOENT.*continuing/)
    mkdirSync(join(path, '..'))
    simulator.user('lily')
    await state.save()
    expect((await restored(path)).context.users.byId('lily')).toBeDefined()
    expect(lines).toHaveLength(2)
  })

  it('is saved for what only the control interface did, and without holding up calls', async () => {
    const simulator = createSimulator()
    const path = newPath()
    for (let i = 0; i < 12; i++) simulator.qiniu.put(`object-${i}`, Buffer.alloc(10 * 1024 * 1024, i))
    const state = await keepState(simulator, path, ignore)
    const server = await simulator.listen({ control: true })
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const post = (target: string, body: unknown) =>
      fetch(`${server.url}/-/${target}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body)
      })
    await post('users/lily', { nickname: 'Lily' })
    await expect.poll(() => statSync(path).size, { timeout: 60_000, interval: 200 }).toBeGreaterThan(120 * 1024 * 1024)
    delay.disable()
    // 1.8 s when the state was one text; some 50 ms on an idle machine now.
    expect(delay.max / 1e6).toBeLessThan(900)
    await simulator.close()
    await state.save()
    expect((await restored(path)).user('lily').profile.nickname).toBe('Lily')
  }, 120_000)
})
