import { describe, expect, it } from 'vitest'
import { memoryStore } from 'weixin-kit'
import {
  APP_ID,
  clientWith,
  codeOf,
  type Fields,
  MCH_ID,
  NOW,
  OPENID,
  OTHER_KEY,
  signFields,
  toXml
} from '../../../support/pay-v2.ts'

const CONTRACT: Fields = {
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  mch_id: MCH_ID,
  contract_code: 'C20260301000001',
  plan_id: '12535',
  openid: OPENID,
  change_type: 'ADD',
  operate_time: '2026-03-01 13:15:40',
  contract_id: 'Wx15463511252015071056489715'
}
const notice = (changes: Fields = {}, type: 'MD5' | 'HMAC-SHA256' = 'MD5', key?: string) => {
  const fields = { ...CONTRACT, ...changes }
  return toXml({ ...fields, sign: signFields(fields, type, key) })
}
const post = (body: string) => new Request('https://shop.example.com/contract', { method: 'POST', body })
const ENTRUST = {
  plan_id: '12535',
  contract_code: 'C20260301000001',
  request_serial: 1000,
  contract_display_account: '张三 138****0000',
  notify_url: new URL('https://shop.example.com/pay/contract-notify')
}

describe('contract notifications', () => {
  it('are verified by either type of signature, with and without appid', () => {
    const { pay } = clientWith('')
    for (const type of ['MD5', 'HMAC-SHA256'] as const) {
      expect(pay.parseContractNotification(notice({}, type))).toMatchObject({ contract_id: CONTRACT.contract_id })
      expect(pay.parseContractNotification(notice({ appid: APP_ID }, type)).appid).toBe(APP_ID)
    }
  })

  it.each<[string, string, string]>([
    ['no signature', toXml(CONTRACT), 'ERR_SIGNATURE_MISSING'],
    ['another key', notice({}, 'MD5', OTHER_KEY), 'ERR_SIGNATURE_MISMATCH'],
    [
      'a field swallowed by its neighbour',
      toXml({
        ...CONTRACT,
        change_type: 'ADD&contract_code=C20260301000001',
        contract_code: undefined,
        sign: signFields(CONTRACT, 'MD5')
      }),
      'ERR_SIGNATURE_MISMATCH'
    ],
    ['another merchant', notice({ mch_id: '1900000110' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['another app', notice({ appid: 'wx0000000000000000' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['a failure', notice({ result_code: 'FAIL' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no change', notice({ change_type: undefined }), 'ERR_UNEXPECTED_RESPONSE'],
    ['another change', notice({ change_type: 'UPDATE' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no contract', notice({ contract_id: undefined }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no openid', notice({ openid: undefined }), 'ERR_UNEXPECTED_RESPONSE']
  ])('refuses %s', async (_what, body, code) => {
    const { pay } = clientWith('')
    expect(await codeOf(() => pay.parseContractNotification(body))).toBe(code)
  })

  it('run once per change, again after a failure, and never for payments', async () => {
    const seen: string[] = []
    let isDown = true
    const handler = clientWith('', { store: memoryStore() }).pay.contractNotifyHandler({
      onContract: ({ change_type }) => {
        if (isDown) throw new Error('database is down')
        seen.push(change_type)
      }
    })
    const statuses: number[] = []
    const deliver = async (body: string) => statuses.push((await handler(post(body))).status)
    await deliver(notice())
    isDown = false
    for (const body of [notice(), notice(), notice({ change_type: 'DELETE', contract_termination_mode: '2' })])
      await deliver(body)
    await deliver(notice({ transaction_id: '42', change_type: undefined }))
    expect([statuses, seen]).toEqual([
      [500, 200, 200, 200, 400],
      ['ADD', 'DELETE']
    ])
  })
})

describe('links to sign a contract', () => {
  it('name account, time and type, and are encoded once', () => {
    const url = clientWith('').pay.entrustUrl({ ...ENTRUST, return_web: 1 })
    const fields = Object.fromEntries(url.searchParams)
    expect(fields).toMatchObject({
      appid: APP_ID,
      mch_id: MCH_ID,
      version: '1.0',
      timestamp: String(NOW / 1000),
      return_web: '1',
      sign_type: 'HMAC-SHA256',
      notify_url: ENTRUST.notify_url.href
    })
    expect(fields.sign).toBe(signFields(fields))
    expect(url.href).toContain('%20138%2A%2A%2A%2A0000')
    expect([url.pathname, url.hash]).toEqual(['/papay/entrustweb', '#wechat_redirect'])
    const partner = clientWith('').pay.entrustUrl({ ...ENTRUST, sub_mch_id: '1900000999' })
    expect([partner.pathname, partner.searchParams.get('sub_mch_id')]).toEqual([
      '/papay/partner/entrustweb',
      '1900000999'
    ])
  })

  it('have no version in the form of Mini Programs', () => {
    const { extraData, ...rest } = clientWith('', { signType: 'MD5' }).pay.entrustMiniProgramParams(ENTRUST)
    expect(rest).toEqual({ appId: 'wxbd687630cd02ce1d', path: 'pages/index/index' })
    expect(Object.keys(extraData).sort()).toEqual([
      'appid',
      'contract_code',
      'contract_display_account',
      'mch_id',
      'notify_url',
      'plan_id',
      'request_serial',
      'sign',
      'timestamp'
    ])
    expect(extraData.sign).toBe(signFields(extraData, 'MD5'))
  })

  it.each([
    ['plan_id', 'x'],
    ['request_serial', '1234567890123'],
    ['contract_display_account', '小明😀'],
    ['notify_url', 'https://shop.example.com/?a=1'],
    ['contract_code', ''],
    ['sign', 'A']
  ])('refuse %s = %j', async (name, value) => {
    const { pay } = clientWith('')
    expect(await codeOf(() => pay.entrustUrl({ ...ENTRUST, [name]: value }))).toBe('ERR_INVALID_PARAM')
  })
})
