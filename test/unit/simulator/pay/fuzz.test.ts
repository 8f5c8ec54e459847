import { publicEncrypt } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { V3_ROUTES } from '../../../../src/simulator/pay/v3/index.ts'
import type { Shape } from '../../../../src/simulator/pay/v3/shape.ts'
import { fcParameters } from '../../../support/fc-parameters.ts'
import { v2Sign } from '../../../support/pay-callers.ts'
import { setup } from './setup.ts'

// A mistake of the simulator itself shows as a 500 with this text.
const MISTAKE = 'The simulator failed'

const NAMES = [
  'appid',
  'mchid',
  'out_trade_no',
  'transaction_id',
  'out_refund_no',
  'refund_id',
  'total_fee',
  'refund_fee',
  'openid',
  'body',
  'notify_url',
  'trade_type',
  'spbill_create_ip',
  'auth_code',
  'bill_date',
  'bill_type',
  'account_type',
  'partner_trade_no',
  'amount',
  'desc',
  'check_name',
  'mch_appid',
  'wxappid',
  're_openid',
  'mch_billno',
  'total_amount',
  'total_num',
  'send_name',
  'wishing',
  'client_ip',
  'act_name',
  'remark',
  'description',
  'payer',
  'sub_orders',
  'combine_appid',
  'combine_mchid',
  'combine_out_trade_no',
  'transfer_detail_list',
  'transfer_scene_report_infos',
  'transfer_scene_id',
  'transfer_amount',
  'transfer_remark',
  'out_bill_no',
  'receivers',
  'unfreeze_unsplit',
  'out_order_no',
  'stock_id',
  'type',
  'account',
  'url',
  'enc_bank_no',
  'enc_true_name',
  'bank_code',
  'sub_mch_id',
  'sub_mchid',
  'user_name',
  'time_expire',
  'scene_info',
  'detail'
]

describe('arbitrary, rightly signed calls are answered by the platform, never by a mistake', {
  timeout: 300_000
}, () => {
  const world = setup()
  const { appId, mchId, openid } = world
  const { apiKey } = world.simulator.credentials.payV2
  const known: unknown[] = [
    appId,
    mchId,
    openid,
    '1',
    1,
    100,
    'T00001',
    'JSAPI',
    '20250601',
    '2025-06-01',
    '2025-06-10T13:00:00+08:00',
    '1000',
    'B1',
    '130000000000000000',
    mchId.slice(0, 8),
    'https://shop.example.com/x',
    '127.0.0.1',
    'NO_CHECK',
    'MCHT',
    'ALL',
    '__proto__',
    -1,
    1.5,
    true,
    null
  ]
  const v2Paths = world.simulator.pay.endpoints
    .filter((one) => one.startsWith('POST ') && !one.includes(' /v3/'))
    .map((one) => one.slice(5))

  it('v2', async () => {
    const text = fc.oneof(
      fc.constantFrom(...known.map(String)),
      fc.string({ maxLength: 40 }).map((one) => one.replace(/[^\x20-\x7e]|[<>&\]]/g, ''))
    )
    const fields = fc.dictionary(fc.constantFrom(...NAMES), text)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...v2Paths),
        fields,
        fc.constantFrom('MD5', 'HMAC-SHA256'),
        async (path, given, type) => {
          const all = {
            ...given,
            mch_id: mchId,
            mchid: mchId,
            appid: appId,
            nonce_str: 'n',
            ...(type === 'MD5' ? {} : { sign_type: type })
          }
          const signed = { ...all, sign: v2Sign(all, apiKey, type as 'MD5') }
          const body = `<xml>${Object.entries(signed)
            .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
            .join('')}</xml>`
          const clientCertificate = world.simulator.credentials.merchantFiles().cert
          const response = await world.simulator.fetch(`https://api.mch.weixin.qq.com${path}`, {
            method: 'POST',
            body,
            clientCertificate
          } as RequestInit)
          expect(await response.text()).not.toContain(MISTAKE)
        }
      ),
      fcParameters(300)
    )
  })

  // Values that fit the shapes of an endpoint, so that the calls get past the checks of fields.
  const name = publicEncrypt(
    { key: world.simulator.pay.platform.publicKey, oaepHash: 'sha1' },
    Buffer.from('张三')
  ).toString('base64')
  const arbitraryOf = (shape: Shape): fc.Arbitrary<unknown> => {
    switch (shape.kind) {
      case 'text': {
        if (shape.oneOf) return fc.constantFrom(...shape.oneOf)
        const fits = (one: string) =>
          one.length >= shape.min && one.length <= shape.max && (shape.pattern?.test(one) ?? true)
        const pool = known.filter((one): one is string => typeof one === 'string' && fits(one))
        return pool.length > 0
          ? fc.constantFrom(...pool)
          : fc.string({ minLength: shape.min, maxLength: Math.min(shape.max, 40) })
      }
      case 'any':
        return fc.oneof(fc.string(), fc.integer(), fc.boolean())
      case 'secret':
        return fc.constant(name)
      case 'int':
        return fc.integer({ min: shape.min, max: Math.min(shape.max, 1_000) })
      case 'flag':
        return fc.boolean()
      case 'list':
        return fc.array(arbitraryOf(shape.item), { minLength: shape.min, maxLength: Math.max(shape.min, 3) })
      case 'object': {
        const fields = Object.entries(shape.fields).map(([key, inner]) => [key, arbitraryOf(inner)] as const)
        const required = Object.entries(shape.fields).filter(([, inner]) => !inner.isOptional)
        return fc.record(Object.fromEntries(fields), { requiredKeys: required.map(([key]) => key) })
      }
    }
  }

  it.each([
    ['that fit', 0],
    ['with one field changed', 1]
  ])('v3, values %s', async (_name, damage) => {
    const statuses = new Set<number>()
    const call = fc.constantFrom(...V3_ROUTES.filter((route) => !route.isUpload)).chain((route) =>
      fc.record({
        route: fc.constant(route),
        body: route.body ? arbitraryOf(route.body) : fc.constant({}),
        query: route.query ? arbitraryOf(route.query) : fc.constant({}),
        part: fc.constantFrom('T00001', 'B1', openid, 'unknown', '%', '..', '__proto__'),
        name: fc.constantFrom(...NAMES),
        value: fc.oneof(fc.constantFrom(...known), fc.string(), fc.double(), fc.constant({}), fc.constant([[]]))
      })
    )
    await fc.assert(
      fc.asyncProperty(call, async ({ route, body, query, part, name, value }) => {
        const path = route.path.replace(/:\w+/g, encodeURIComponent(part))
        const json: Record<string, unknown> = { ...(body as object), ...(damage ? { [name]: value } : {}) }
        const search = Object.entries(query as object).map(([key, one]) => [key, String(one)])
        if (route.self) {
          json[route.self] = mchId
          search.push([route.self, mchId])
        }
        const url = new URL(`https://api.mch.weixin.qq.com${path}?${new URLSearchParams(Object.fromEntries(search))}`)
        const headers = { 'wechatpay-serial': world.simulator.pay.platform.publicKeyId }
        const sent = route.method === 'GET' ? undefined : json
        const answer = await world.v3(route.method, url.pathname + url.search, sent, { headers })
        statuses.add(answer.status)
        expect(answer.text).not.toContain(MISTAKE)
        expect(answer.status).not.toBe(401)
      }),
      fcParameters(400)
    )
    expect(statuses).toContain(200)
  })

  it('arbitrary bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...v2Paths), fc.uint8Array({ maxLength: 200 }), async (path, body) => {
        const response = await world.simulator.fetch(`https://api.mch.weixin.qq.com${path}`, { method: 'POST', body })
        expect(await response.text()).not.toContain(MISTAKE)
      }),
      fcParameters(200)
    )
  })
})
