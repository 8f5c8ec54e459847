import { WeChatApiError } from 'weixin-kit'
import { AppError as SharedAppError } from '../../shared/app-error.ts'
import type { Envelope } from '../../shared/envelope.ts'

/** The codes of the document look like HTTP statuses and are not: 302 as a status would be a redirect. */
export const ERRORS = {
  301: { status: 400, msg: '数据类型验证失败' },
  302: { status: 404, msg: '对应ID不存在' },
  303: { status: 400, msg: 'form 验证错误' },
  304: { status: 409, msg: '含有子级数据,请先删除或转移子级数据' },
  306: { status: 403, msg: '账户未启用' },
  401: { status: 401, msg: '账号密码错误' },
  402: { status: 405, msg: '请求方式异常' },
  404: { status: 401, msg: '非法请求' },
  429: { status: 429, msg: '操作太频繁，请稍后再试' },
  500: { status: 500, msg: '系统错误' },
  502: { status: 502, msg: '微信服务暂时不可用' }
} as const

export type ErrorCode = keyof typeof ERRORS

export class AppError extends SharedAppError<ErrorCode> {
  /** In place of the words of the table. */
  readonly msg: string | undefined

  constructor(code: ErrorCode, { msg, ...options }: ErrorOptions & { status?: number; msg?: string | undefined } = {}) {
    super(code, options)
    this.msg = msg
  }
}

/** For the `catch` of a call to WeChat: what a person gave is refused; that WeChat is away stays what it is. */
export const refusedAs = (code: ErrorCode, msg?: string) => (cause: unknown) => {
  throw cause instanceof WeChatApiError && cause.kind === 'user' ? new AppError(code, { cause, msg }) : cause
}

export const ENVELOPE: Envelope<ErrorCode> = {
  codes: ERRORS,
  bodyOf: (code, thrown) => {
    const own = thrown instanceof AppError ? thrown.msg : undefined
    return { code, msg: own ?? ERRORS[code].msg, data: {} }
  },
  fault: 500,
  unavailable: 502,
  badRequest: 301,
  notFound: 404
}

/** The response of a route that did what was asked. */
export interface Answer {
  code: 200
  msg: string
  data: unknown
}

export const ok = (msg: string, data: unknown = {}): Answer => ({ code: 200, msg, data })

/** A list as most interfaces have it. */
export const list = (ret_data: unknown[], more: { data_count?: number; chatinfo_count?: number } = {}): Answer =>
  ok('查询成功', { ret_data, data_count: ret_data.length, ...more })
