import { describe, expect, it } from 'vitest'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator } from 'weixin-kit/simulator'

const SIGN = new URLSearchParams({ simulator_decision: 'sign' })

function start(signType: 'MD5' | 'HMAC-SHA256' = 'MD5', partner = false) {
  const simulator = createSimulator({ deliver: (request) => handler(request) })
  const { credentials, clientOptions, fetch } = simulator
  const sub = partner ? { subMchId: '1900000999' } : {}
  const pay = new WeChatPayV2({ ...credentials.payV2, ...clientOptions, ...sub, signType })
  const seen: string[] = []
  const handler = pay.contractNotifyHandler({
    onContract: ({ contract_code, contract_id, change_type, contract_termination_mode: mode, openid }) =>
      seen.push([contract_code, change_type, mode, openid, contract_id.slice(0, 2)].join(' '))
  })
  const contract = {
    plan_id: '12535',
    contract_code: 'C1',
    request_serial: 1,
    contract_display_account: '张三 138****0000',
    notify_url: 'https://shop.example.com/pay/contract'
  }
  return { simulator, pay, seen, contract, fetch }
}

describe('the page on which a contract is signed', () => {
  it.each([
    ['MD5', false],
    ['HMAC-SHA256', false],
    ['MD5', true]
  ] as const)('asks, signs and notifies: %s, provider %s', async (type, partner) => {
    const { simulator, pay, seen, contract, fetch } = start(type, partner)
    const person = simulator.user('u1')
    const link = pay.entrustUrl({ ...contract, return_web: 1 })
    const page = await (await fetch(link)).text()
    expect(page).toContain('张三 138****0000')
    expect(page).toContain('value="u1"')
    expect(seen).toEqual([])
    const refused = await fetch(link, { method: 'POST', body: new URLSearchParams({ simulator_decision: 'refuse' }) })
    expect(await refused.text()).toContain('未签约')
    expect(await (await fetch(link, { method: 'POST', body: SIGN })).text()).toContain('签约成功')
    const openid = person.openid()
    expect(seen).toEqual([`C1 ADD  ${openid} Wx`])
    expect(await (await fetch(link, { method: 'POST', body: SIGN })).text()).toContain('已签约')
    expect(seen).toHaveLength(1)
    await person.endContract('C1')
    expect(seen[1]).toBe(`C1 DELETE 2 ${openid} Wx`)
    await expect(person.endContract('C1')).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
  })

  it('says what is wrong with the link, and signs nothing', async () => {
    const { pay, seen, contract, fetch } = start()
    const link = pay.entrustUrl(contract)
    const changed = (change: (query: URLSearchParams) => void) => {
      const url = new URL(link)
      change(url.searchParams)
      return url
    }
    const wrong: readonly [URL, string][] = [
      [changed((query) => query.set('plan_id', '1')), '签约参数签名校验错误'],
      [changed((query) => query.delete('sign')), '参数构造错误'],
      [changed((query) => query.delete('version')), '参数构造错误'],
      [changed((query) => query.set('attach', 'x')), '参数构造错误'],
      [changed((query) => query.set('mch_id', '1')), '商户号不存在'],
      [new URL(link.href.replace('/papay/entrustweb', '/papay/partner/entrustweb')), 'sub_mch_id is missing']
    ]
    for (const [url, text] of wrong) {
      const response = await fetch(url, { method: 'POST', body: SIGN })
      expect(response.status).toBe(400)
      expect(await response.text()).toContain(text)
    }
    expect(seen).toEqual([])
  })

  it('is signed by a person of a Mini Program with the parameters of the app', async () => {
    const { simulator, pay, seen, contract } = start()
    const parameters = pay.entrustMiniProgramParams(contract)
    const person = simulator.user('u1')
    const forged = { ...parameters, extraData: { ...parameters.extraData, plan_id: '1' } }
    await expect(person.signContract(forged)).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
    const { contractId } = await person.signContract(parameters)
    expect(contractId).toMatch(/^Wx\d+$/)
    expect(seen).toHaveLength(1)
    await expect(person.signContract(parameters)).resolves.toMatchObject({ contractId })
    expect(seen).toHaveLength(1)
  })
})
