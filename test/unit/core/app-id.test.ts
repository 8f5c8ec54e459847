import { describe, expect, it } from 'vitest'
import { MessageGateway } from 'weixin-kit/gateway'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { clientWith } from '../../support/pay-v2.ts'
import { payWith } from '../../support/pay-v3.ts'

const appSecret = 'b2b6d0c9e6f54b9d8b52f0f6a9b0c1d2'
const CLIENTS: [string, (appId: string) => unknown][] = [
  ['OfficialAccount', (appId) => new OfficialAccount({ appId, appSecret })],
  ['MiniProgram', (appId) => new MiniProgram({ appId, appSecret })],
  ['MessageGateway', (appId) => new MessageGateway({ appId, token: 'spamtest' })],
  ['WeChatPayV2', (appId) => clientWith('', { appId })],
  ['WeChatPayV2, subAppId', (subAppId) => clientWith('', { subAppId })],
  ['WeChatPay', (appId) => payWith(() => new Response(), { appId })],
  ['WeChatPay, furtherAppIds', (appId) => payWith(() => new Response(), { furtherAppIds: [appId] })]
]

describe.each(CLIENTS)('the appId of %s', (_, make) => {
  it.each([
    ['gh_0123456789ab', '原始ID'],
    ['1900000109', '商户号']
  ])('is not %s, which is told by its name', (wrong, name) => {
    expect(() => make(wrong)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', message: expect.stringContaining(name) })
    )
    expect(() => make(wrong)).not.toThrow(wrong)
  })

  it('may be any other identifier', () => {
    expect(() => make('wx0123456789abcdef')).not.toThrow()
    expect(() => make('wx1')).not.toThrow()
  })
})
