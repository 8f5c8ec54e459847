import { AppError as SharedAppError } from '../../shared/app-error.ts'
import type { Envelope } from '../../shared/envelope.ts'

/** The document writes "xxxx" for the text of an error; these are ours. A client may show them. */
export const ERRORS = {
  1: { status: 400, text: '参数错误' },
  2: { status: 401, text: '请在微信中打开' },
  3: { status: 401, text: '请先登录' },
  4: { status: 400, text: '请重新完成验证' },
  5: { status: 400, text: '验证码错误或已失效' },
  6: { status: 429, text: '操作太频繁，请稍后再试' },
  7: { status: 409, text: '该手机号已绑定其他微信' },
  8: { status: 403, text: '账号已被禁用' },
  9: { status: 402, text: '余额不足' },
  10: { status: 404, text: '设备不存在' },
  11: { status: 409, text: '设备使用中' },
  12: { status: 502, text: '服务暂时不可用' },
  13: { status: 404, text: '接口不存在' },
  14: { status: 500, text: '系统错误' }
} as const

export type ErrorCode = keyof typeof ERRORS

/** `result` of an error: -1 without openid, 0 without a registered user, everywhere. */
const RESULTS: Readonly<Partial<Record<ErrorCode, number>>> = { 2: -1, 3: 0 }

export class AppError extends SharedAppError<ErrorCode> {}

/** Every response has exactly the three keys of the document. */
export const ENVELOPE: Envelope<ErrorCode> = {
  codes: ERRORS,
  bodyOf: (code) => ({ success: false, result: RESULTS[code] ?? null, error: ERRORS[code].text }),
  fault: 14,
  unavailable: 12,
  badRequest: 1,
  notFound: 13,
  foreign: 13
}

export const success = (result: unknown) => ({ success: true, result, error: null })
