import { describe, expect, it } from 'vitest'
import { clientWith, codeOf, toXml } from '../support/pay-v2.ts'

const refusal = toXml({ return_code: 'FAIL', return_msg: 'PARAM_ERROR' })

describe('an unsigned refusal with a status of a broken gateway', () => {
  it.each([500, 502, 504])('leaves the outcome of money open (HTTP %i)', async (status) => {
    const { pay } = clientWith(new Response(refusal, { status }), { maxRetries: 0 })
    const micropay = () =>
      pay.orders.micropay({
        body: '示例',
        out_trade_no: '20260301000001',
        total_fee: 100,
        spbill_create_ip: '203.0.113.7',
        auth_code: '134650000000000000'
      })
    expect(await codeOf(micropay)).toBe('ERR_UNKNOWN_RESULT')
  })
})
