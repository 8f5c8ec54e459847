import { expect, it } from 'vitest'
import { formatLogEntry } from '../../../src/cli/live-log.ts'
import type { LogEntry } from '../../../src/simulator/framework/log.ts'

const entry = (change: Partial<LogEntry>): LogEntry => ({
  id: 1,
  time: 0,
  direction: 'in',
  service: 'pay',
  account: '1600000001',
  method: 'POST',
  url: 'https://api.mch.weixin.qq.com/pay/orderquery',
  status: 200,
  durationMs: 1,
  verified: ['sign MD5'],
  refused: [],
  note: undefined,
  requestBody: '',
  responseBody: '',
  ...change
})
const xml = (fields: Readonly<Record<string, string>>) => {
  const parts = Object.entries(fields).map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
  return `<xml>${parts.join('')}</xml>`
}

it.each<[string, string, number, string]>([
  [
    'a failure of the business, whose return_msg is OK',
    xml({
      return_code: 'SUCCESS',
      return_msg: 'OK',
      result_code: 'FAIL',
      err_code: 'ORDERNOTEXIST',
      err_code_des: '订单不存在'
    }),
    200,
    '✓ sign MD5 · ✗ ORDERNOTEXIST 订单不存在\n'
  ],
  [
    'a failure of the transport',
    xml({ return_code: 'FAIL', return_msg: 'mch_id参数格式错误' }),
    200,
    '· ✗ mch_id参数格式错误\n'
  ],
  [
    'a failure of a bill',
    xml({ return_code: 'FAIL', error_code: '20002', return_msg: 'No Bill Exist' }),
    200,
    '· ✗ 20002 No Bill Exist\n'
  ],
  ['an errcode', '{"errcode":40001,"errmsg":"invalid credential"}', 200, '· ✗ 40001 invalid credential\n'],
  ['an error of API v3', '{"code":"SIGN_ERROR","message":"签名错误"}', 401, '· ✗ SIGN_ERROR 签名错误\n'],
  ['a success of API v2', xml({ return_code: 'SUCCESS', return_msg: 'OK', result_code: 'SUCCESS' }), 200, 'MD5\n']
])('the log says %s', (_, responseBody, status, end) => {
  expect(formatLogEntry(entry({ responseBody, status }), false).endsWith(end)).toBe(true)
})
