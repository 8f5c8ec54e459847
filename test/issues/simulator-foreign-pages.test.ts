import { describe, expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'
import { control } from '../../src/simulator/skins/control.ts'

describe('pages of other sites', () => {
  const simulator = createSimulator()
  const get = (path: string, site: string, mode: string) => {
    const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': mode }
    return control(simulator, new Request(`http://127.0.0.1:8787/-/${path}`, { headers }))
  }

  it('make no person by a picture', async () => {
    expect((await get('phone/mallory', 'cross-site', 'no-cors'))?.status).toBe(403)
    expect(simulator.context.users.all()).toEqual([])
  })

  it('and nobody else make a person by looking', async () => {
    expect((await get('phone/ming', 'same-origin', 'cors'))?.status).toBe(404)
    const list: unknown = await (await get('users', 'same-origin', 'cors'))?.json()
    expect(simulator.context.users.all()).toEqual([])
    const person = Object.entries(simulator.user('ming')).filter(([, value]) => typeof value === 'function')
    expect(list).toEqual({ users: [], verbs: person.map(([name]) => name).sort() })
    expect((await get('phone/ming', 'same-origin', 'cors'))?.status).toBe(200)
  })

  it.each([
    ['the console', 'same-origin', 'cors'],
    ['an application on another port', 'same-site', 'no-cors'],
    ['a person who follows a link', 'cross-site', 'navigate']
  ])('%s is answered', async (_, site, mode) => {
    const response = await get('orders', site, mode)
    expect(response?.status).toBe(200)
    expect(response?.headers.get('x-content-type-options')).toBe('nosniff')
  })
})
