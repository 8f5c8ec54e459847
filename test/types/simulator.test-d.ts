import { describe, expectTypeOf, it } from 'vitest'
import type { FetchHandler } from 'weixin-kit'
import type { MessageGateway } from 'weixin-kit/gateway'
import type { Geetest } from 'weixin-kit/geetest'
import type { MiniProgram } from 'weixin-kit/miniapp'
import type { OfficialAccount } from 'weixin-kit/mp'
import type { WeChatPay } from 'weixin-kit/pay'
import type { WeChatPayV2 } from 'weixin-kit/pay/v2'
import type { createSimulator, SimulatedUser, SimulatorCredentials } from 'weixin-kit/simulator'
import type { Yunpian } from 'weixin-kit/yunpian'

type OptionsOf<Client extends abstract new (...args: never[]) => unknown> = ConstructorParameters<Client>[0]

describe('credentials fit the constructors of the clients', () => {
  it('each', () => {
    expectTypeOf<SimulatorCredentials['officialAccount']>().toExtend<OptionsOf<typeof OfficialAccount>>()
    expectTypeOf<SimulatorCredentials['miniProgram']>().toExtend<OptionsOf<typeof MiniProgram>>()
    expectTypeOf<SimulatorCredentials['gateway']>().toExtend<OptionsOf<typeof MessageGateway>>()
    expectTypeOf<SimulatorCredentials['payV2']>().toExtend<OptionsOf<typeof WeChatPayV2>>()
    expectTypeOf<SimulatorCredentials['payV3']>().toExtend<OptionsOf<typeof WeChatPay>>()
    expectTypeOf<SimulatorCredentials['yunpian']>().toExtend<OptionsOf<typeof Yunpian>>()
    expectTypeOf<SimulatorCredentials['geetest']>().toExtend<OptionsOf<typeof Geetest>>()
  })
})

describe('people and handlers', () => {
  it('are typed through the services', () => {
    expectTypeOf<SimulatedUser>().toHaveProperty('login').returns.toBeString()
    expectTypeOf<SimulatedUser>().toHaveProperty('pay')
    expectTypeOf<FetchHandler>().toExtend<NonNullable<NonNullable<Parameters<typeof createSimulator>[0]>['deliver']>>()
  })
})
