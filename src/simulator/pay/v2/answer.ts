import { buildXml } from '../../../internal/xml/index.ts'
import { signPayV2 } from '../../crypto/pay-v2.ts'
import { textResponse } from '../../framework/text-response.ts'
import type { V2Answer, V2Call, V2Endpoint } from './endpoint.ts'

export function xmlResponse(fields: V2Answer, status = 200): Response {
  return textResponse(buildXml(fields), ['content-type', 'text/xml; charset=UTF-8'], status)
}

/** 通信失败: nothing is known about the caller, so nothing is signed. */
export function transportFailure(text: string, code?: string): Response {
  const business = code === undefined ? {} : { result_code: 'FAIL', err_code: code, err_code_des: text }
  return xmlResponse({ return_code: 'FAIL', return_msg: text, ...business })
}

export function success(call: V2Call, endpoint: V2Endpoint, fields: V2Answer): Response {
  return xmlResponse(
    sealed(call, endpoint, {
      return_code: 'SUCCESS',
      return_msg: 'OK',
      ...(endpoint.hasResultCode === false ? {} : { result_code: 'SUCCESS' }),
      ...fields
    })
  )
}

/** 业务失败 in the shape of the endpoint. */
export function failure(call: V2Call, endpoint: V2Endpoint, code: string, text: string): Response {
  if (endpoint.errors === 'bill') return xmlResponse({ return_code: 'FAIL', return_msg: text, error_code: code })
  if (endpoint.errors === 'return') return xmlResponse({ return_code: 'FAIL', error_code: code, error_msg: text })
  const fields = { return_code: 'SUCCESS', result_code: 'FAIL', err_code: code, err_code_des: text }
  const recall = endpoint.path.endsWith('/reverse') ? { recall: RECALL.has(code) ? 'Y' : 'N' } : {}
  return xmlResponse(
    sealed(call, endpoint, { return_msg: endpoint.errors === 'pay' ? 'OK' : text, ...fields, ...recall })
  )
}

/** A reversal that ends with one of these has to be called again. */
const RECALL = new Set(['SYSTEMERROR', 'USERPAYING'])

function sealed(call: V2Call, endpoint: V2Endpoint, fields: V2Answer): V2Answer {
  if (!endpoint.signsAnswer) return fields
  const echo = ['appid', 'mch_id', 'sub_appid', 'sub_mch_id', 'device_info'].map((name) => [name, call.fields[name]])
  const all: Record<string, V2Answer[string]> = {
    ...Object.fromEntries(echo.filter(([, value]) => value)),
    nonce_str: call.world.context.random.text(16),
    ...fields
  }
  return { ...all, sign: signPayV2(all, call.key, call.signType) }
}
