import { AppError as SharedAppError } from '../../shared/app-error.ts'

/** The 22 error codes of the document with the HTTP status they are sent with (the document fixes the body only). */
export const ERROR_CODES = {
  1000: { status: 500, message: 'Internal Server Error' },
  1100: { status: 400, message: 'Bad Request' },
  1101: { status: 401, message: 'Unauthorized' },
  1103: { status: 403, message: 'Forbidden' },
  1104: { status: 404, message: 'Not Found' },
  1201: { status: 400, message: 'GET方法url参数不完整' },
  1202: { status: 400, message: 'GET方法url参数值错误' },
  1401: { status: 400, message: 'POST/PUT方法json数据不完整' },
  1402: { status: 400, message: 'POST/PUT方法json数据值或类型错误' },
  1403: { status: 404, message: '账号不存在' },
  1404: { status: 403, message: '密码错误' },
  1405: { status: 400, message: '密码长度错误' },
  1601: { status: 400, message: 'DELETE方法url参数不完整' },
  1602: { status: 400, message: 'DELETE方法url参数值错误' },
  1800: { status: 502, message: '微信公众平台接口调用失败' },
  1801: { status: 502, message: '微信access_token获取失败' },
  1802: { status: 502, message: '微信jsapi_ticket获取失败' },
  1803: { status: 502, message: '微信素材获取失败' },
  1820: { status: 502, message: '微信支付下单失败' },
  1850: { status: 502, message: '七牛上传凭证获取失败' },
  1851: { status: 502, message: '七牛上传二进制流失败' },
  1852: { status: 502, message: '七牛上传文件失败' }
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** Thrown by a route: answered as `{ code, message, data: {} }`. */
export class AppError extends SharedAppError<ErrorCode> {}

/** Runs a step whose failure the document reports under one code; an `AppError` from inside keeps its own. */
export async function failAs<T>(errorCode: ErrorCode, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError(errorCode, { cause })
  }
}
