import { describe, expect, it } from 'vitest'
import { errorCodeTable } from '../../../../src/pay/v2/error-code-table.ts'
import { codeOfReturnMessage, describeErrorCode } from '../../../../src/pay/v2/error-codes.ts'

/** The codes that the documents list, by endpoint. */
const DOCUMENTED = {
  orders: `SYSTEMERROR INVALID_REQUEST OUT_TRADE_NO_USED ORDERPAID ORDERCLOSED NOAUTH APPID_NOT_EXIST MCHID_NOT_EXIST
    APPID_MCHID_NOT_MATCH LACK_PARAMS PARAM_ERROR SIGNERROR XML_FORMAT_ERROR REQUIRE_POST_METHOD POST_DATA_EMPTY NOT_UTF8
    NOTENOUGH ORDERNOTEXIST TRADE_STATE_ERROR`,
  micropay: `SYSTEMERROR BANKERROR USERPAYING PARAM_ERROR ORDERPAID NOAUTH AUTHCODEEXPIRE NOTENOUGH NOTSUPORTCARD ORDERCLOSED
    ORDERREVERSED AUTH_CODE_ERROR AUTH_CODE_INVALID XML_FORMAT_ERROR REQUIRE_POST_METHOD SIGNERROR LACK_PARAMS NOT_UTF8
    BUYER_MISMATCH APPID_NOT_EXIST MCHID_NOT_EXIST OUT_TRADE_NO_USED APPID_MCHID_NOT_MATCH INVALID_REQUEST TRADE_ERROR`,
  reverse:
    'SYSTEMERROR USERPAYING INVALID_TRANSACTIONID PARAM_ERROR REVERSE_EXPIRE TRADE_STATE_ERROR INVALID_REQ_TOO_MUCH',
  refunds: `SYSTEMERROR BIZERR_NEED_RETRY FREQUENCY_LIMITED INVALID_REQ_TOO_MUCH TRADE_OVERDUE ERROR USER_ACCOUNT_ABNORMAL
    NOTENOUGH INVALID_TRANSACTIONID PARAM_ERROR ORDERNOTEXIST APPID_NOT_EXIST MCHID_NOT_EXIST SIGNERROR XML_FORMAT_ERROR
    REQUIRE_POST_METHOD REFUNDNOTEXIST`,
  bills: 'NO_BILL_EXIST BILL_CREATING PARAM_ERROR SIGNERROR CA_ERROR SYSTEMERROR XML_FORMAT_ERROR ORDERNOTEXIST 20002',
  transfers: `SYSTEMERROR SEND_FAILED PARAM_ERROR OPENID_ERROR NAME_MISMATCH SIGN_ERROR XML_ERROR CA_ERROR NO_AUTH
    V2_ACCOUNT_SIMPLE_BAN AMOUNT_LIMIT PARAM_IS_NOT_UTF8 NOTENOUGH FATAL_ERROR MONEY_LIMIT SENDNUM_LIMIT FREQ_LIMIT
    RECV_ACCOUNT_NOT_ALLOWED PAY_CHANNEL_NOT_ALLOWED SEND_MONEY_LIMIT RECEIVED_MONEY_LIMIT NOT_FOUND`,
  redPacks: `SYSTEMERROR PROCESSING SEND_FAILED FATAL_ERROR NO_AUTH SENDNUM_LIMIT CA_ERROR ILLEGAL_APPID SIGN_ERROR FREQ_LIMIT
    XML_ERROR PARAM_ERROR OPENID_ERROR NOTENOUGH SECOND_OVER_LIMITED DAY_OVER_LIMITED MONEY_LIMIT`,
  bankTransfers: `INVALID_REQUEST SYSTEMERROR PARAM_ERROR SIGNERROR AMOUNT_LIMIT ORDERPAID FATAL_ERROR NOTENOUGH
    FREQUENCY_LIMITED SUCCESS`
}
const BILL_TEXTS = [
  'invalid bill_type',
  'data format error',
  'missing parameter',
  'SIGN ERROR',
  'No Bill Exist',
  'Bill Creating',
  'CompressGZip Error',
  'UnCompressGZip Error'
]

describe('the error codes', () => {
  it.each(Object.entries(DOCUMENTED))('cover what %s can answer', (_endpoint, codes) => {
    for (const code of codes.split(/\s+/)) expect([code, Object.hasOwn(errorCodeTable(), code)]).toEqual([code, true])
  })

  it('cover the texts of bills', () => {
    for (const text of BILL_TEXTS) expect([text, describeErrorCode(text).kind !== 'unknown']).toEqual([text, true])
  })

  it('each say what to do, in both languages', () => {
    for (const code of Object.keys(errorCodeTable())) {
      const { hint } = describeErrorCode(code)
      expect(hint.en).toMatch(/^\w.{15,}[.)?]$/)
      expect(hint.zh).toMatch(/[\u4e00-\u9fff].*[。）]$/)
    }
  })

  it('leave the outcome of a payment open wherever it is not certain', () => {
    const open = Object.keys(errorCodeTable()).filter((code) => describeErrorCode(code).outcome === 'open')
    expect(open.sort()).toEqual(
      ['BANKERROR', 'BIZERR_NEED_RETRY', 'PROCESSING', 'SEND_FAILED', 'SUCCESS', 'SYSTEMERROR', 'USERPAYING'].sort()
    )
    for (const unlisted of ['', 'NEW_CODE', 'toString', '__proto__', 'constructor']) {
      expect(describeErrorCode(unlisted)).toMatchObject({ kind: 'unknown', outcome: 'open', repeat: 'no' })
    }
  })

  it.each([
    ['签名错误', 'SIGNERROR'],
    ['证书已过期', 'CA_ERROR'],
    ['系统繁忙，请稍后再试', 'SYSTEMERROR'],
    ['商户号mch_id与appid不匹配', 'APPID_MCHID_NOT_MATCH'],
    ['appid不存在', 'APPID_NOT_EXIST'],
    ['XML格式错误', 'XML_FORMAT_ERROR'],
    ['缺少参数', 'PARAM_ERROR'],
    ['无权限', 'NOAUTH'],
    ['其他', 'FAIL'],
    ['', 'FAIL']
  ])('read return_msg %j as %s', (message, code) => {
    expect(codeOfReturnMessage(message)).toBe(code)
  })
})
