import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OfficialAccount } from 'weixin-kit/mp'
import { keepState } from '../../src/cli/state-file.ts'
import { createSimulator, type Simulator } from '../../src/simulator/index.ts'

/** Names by which the state tells maps, sets and bytes from objects. */
const NAMES = ['$map', '$set', '$bytes', '$blob', '$$map', '$other', '__proto__']
const menuOf = (simulator: Simulator) => {
  const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
  return mp.request<{ menu: unknown }>({ method: 'GET', path: '/cgi-bin/menu/get' })
}

describe('a state with names that the journal uses itself', () => {
  it.each([5, [[1, 2]], 'AAAA', { $map: 1 }])('is restored as it was, be it %j', async (value) => {
    const simulator = createSimulator()
    const path = join(mkdtempSync(join(tmpdir(), 'weixin-kit-')), 'state')
    const kept = await keepState(simulator, path, () => undefined)
    const odd = Object.fromEntries(NAMES.map((name) => [name, value]))
    const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
    const body = { button: [{ type: 'click', name: 'Tea', key: 'tea', ...odd }] }
    await mp.request({ method: 'POST', path: '/cgi-bin/menu/create', body })
    const menu = await menuOf(simulator)
    expect(JSON.stringify(menu)).toContain('"$map":')
    await kept.save()

    const fromFile = createSimulator()
    await keepState(fromFile, path, () => undefined)
    expect(await menuOf(fromFile)).toEqual(menu)
    const fromSnapshot = createSimulator()
    fromSnapshot.restore(JSON.parse(JSON.stringify(simulator.snapshot())))
    expect(await menuOf(fromSnapshot)).toEqual(menu)
    await Promise.all([simulator, fromFile, fromSnapshot].map((one) => one.close()))
  })
})
