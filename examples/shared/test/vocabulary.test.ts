import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator, type SimulatorServer } from 'weixin-kit/simulator'
import { ACCOUNT_KINDS } from '../../../src/cli/doctor-accounts.ts'
import { simulatorEnv } from '../../../src/cli/simulator-env.ts'
import { boilerplate } from '../../boilerplate/src/boilerplate.ts'
import { businessCard } from '../../business-card/src/business-card.ts'
import { officialSite } from '../../official-site/src/official-site.ts'
import { topUp } from '../../top-up/src/top-up.ts'
import { walletShop } from '../../wallet-shop/src/wallet-shop.ts'
import { type AccountName, variablesOf } from '../accounts.ts'

const APPS = [officialSite, boilerplate, walletShop, topUp, businessCard]
const ACCOUNT = /^(?:WEIXIN|WECHAT|WX|MINIAPP|QINIU|GEETEST)_|^YUNPIAN_API/
/** What an app needs beside the accounts to take the real services. */
const OWN = { AES_KEY_SEED: 'a seed of sixteen characters', PUBLIC_URL: 'https://example.com' }

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const namesIn = (table: string) =>
  new Set(
    [...table.matchAll(/^\|.*$/gm)].flatMap(([row]) => [...row.matchAll(/`([A-Z][A-Z\d_]+)`/g)].map(([, name]) => name))
  )
const examples = new Map(APPS.map(({ name }) => [name, Object.keys(parseEnv(read(`examples/${name}/.env.example`)))]))
const guides = [namesIn(read('docs/en/doctor.md')), namesIn(read('docs/zh/doctor.md'))]
const inDoctor = new Set(Object.values(ACCOUNT_KINDS).flatMap(({ variables }): string[] => Object.values(variables)))

describe('the variables of the environment', () => {
  let server: SimulatorServer
  let printed: NodeJS.ProcessEnv
  beforeAll(async () => {
    const simulator = createSimulator({ seed: 'vocabulary' })
    server = await simulator.listen()
    printed = parseEnv(simulatorEnv(simulator, server))
  })
  afterAll(() => server.close())

  it.each(APPS)('of $name have the names of the guide, the doctor and the simulator', ({ name }) => {
    const accounts = (examples.get(name) ?? [])
      .filter((one) => ACCOUNT.test(one))
      .map((one) => one.replace(/_FILE$/, ''))
    expect(accounts.length).toBeGreaterThan(0)
    for (const known of [...guides, inDoctor]) expect(accounts.filter((one) => !known.has(one))).toEqual([])
    // The original id of an account is not a secret of it: nobody has to set it.
    expect(accounts.filter((one) => !Object.hasOwn(printed, one))).toEqual(
      accounts.filter((one) => /ORIGINAL_ID/.test(one))
    )
  })

  it('are listed in the README when two apps have them', () => {
    const listed = namesIn(read('examples/README.md'))
    const all = [...examples.values()].flat().filter((one) => !ACCOUNT.test(one))
    const common = all.filter((one, index) => all.indexOf(one) < index)
    expect(common.filter((one) => !listed.has(one))).toEqual([])
  })

  it.each(APPS)('may be what the simulator prints: $name', ({ readConfig }) => {
    expect(readConfig(printed)).toMatchObject({ isReal: true, SIMULATOR_URL: server.url })
    const { WEIXIN_BASE_URL: _, ...real } = printed
    expect(readConfig({ ...real, ...OWN, WEIXIN_BASE_URL: 'https://api.weixin.qq.com' }).SIMULATOR_URL).toBeUndefined()
  })

  it('of all accounts are printed by the simulator', () => {
    const names: AccountName[] = ['officialAccount', 'miniProgram', 'app', 'gateway', 'payV2', 'clientCert']
    const more: AccountName[] = ['qiniu', 'yunpian', 'geetest', 'gatewayKey', 'gatewayToken']
    expect(variablesOf([...names, ...more]).filter((one) => !printed[one])).toEqual([])
  })
})
