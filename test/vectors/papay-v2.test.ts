import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Signer, type SignType, stringToSign } from '../../src/pay/v2/signer.ts'
import { toXml } from '../support/pay-v2.ts'

interface Vector {
  id: string
  input: { apiKey: string; signType: SignType; params: Record<string, string> }
  expected: { stringSignTemp: string; sign: string; url?: string }
}

const { vectors } = JSON.parse(readFileSync(new URL('papay-v2.json', import.meta.url), 'utf8')) as { vectors: Vector[] }
const named = vectors.map((vector) => [vector.id, vector] as const)

const clientOf = ({ apiKey, signType, params }: Vector['input']) =>
  new WeChatPayV2({
    appId: params.appid ?? 'wx426a3015555a46be',
    mchId: params.mch_id ?? '',
    apiKey,
    signType,
    clock: () => Number(params.timestamp ?? 1) * 1000
  })

describe('entrusted deduction of API v2', () => {
  it.each(named)('%s: text and signature', (_id, { input, expected }) => {
    expect(`${stringToSign(input.params)}&key=<apiKey>`).toBe(expected.stringSignTemp)
    expect(new Signer(input.apiKey).sign(input.params, input.signType)).toBe(expected.sign)
  })

  const links = named.filter(([, { expected, input }]) => expected.url && !/[?#]/.test(input.params.notify_url ?? ''))
  it.each(links)('%s: the link', (_id, { input, expected }) => {
    const { appid: _, mch_id: __, timestamp: ___, version: ____, return_web, ...params } = input.params
    const given = { ...params, ...(return_web ? { return_web: 1 } : {}) }
    expect(clientOf(input).entrustUrl(given as never).href).toBe(expected.url)
  })

  const notices = named.filter(([id]) => id.startsWith('contract-notify'))
  it.each(notices)('%s: verified, and refused with any change', (_id, { input, expected }) => {
    const pay = clientOf(input)
    const genuine = { ...input.params, sign: expected.sign }
    const { contract_id, change_type, contract_code } = input.params
    expect(pay.parseContractNotification(toXml(genuine))).toMatchObject({ contract_id, change_type, contract_code })
    for (const name of Object.keys(genuine)) {
      expect(() => pay.parseContractNotification(toXml({ ...genuine, [name]: `${genuine[name as 'sign']}1` }))).toThrow()
    }
  })

  const deductions = named.filter(([id]) => id.startsWith('deduction-notify'))
  it.each(deductions)('%s: verified, and refused with any change', async (id, { input, expected }) => {
    const pay = clientOf(input)
    const genuine = { ...input.params, sign: expected.sign }
    const { out_trade_no, contract_id } = input.params
    const taken: unknown[] = []
    const handler = pay.notifyHandler({
      onPaid: () => taken.push('paid'),
      onDeducted: (one) => taken.push(one),
      onFailed: ({ body }) => taken.push(body),
      onError: () => {}
    })
    const send = (fields: Record<string, string>) =>
      handler(new Request('https://shop.example.com/n', { method: 'POST', body: toXml(fields) }))
    for (const name of Object.keys(genuine)) await send({ ...genuine, [name]: `${genuine[name as 'sign']}1` })
    expect(taken).toEqual([])
    expect((await send(genuine)).status).toBe(200)
    expect(taken).toMatchObject([{ out_trade_no, contract_id }])
    if (id === 'deduction-notify-fail') return
    expect(pay.parseDeductionNotification(toXml(genuine))).toMatchObject({ total_fee: 100, contract_id })
    // It names no payment of WeChat: nothing that needs one takes it.
    expect(() => pay.parseNotification(toXml(genuine))).toThrow(
      expect.objectContaining({ code: 'ERR_UNEXPECTED_RESPONSE' })
    )
  })
})
