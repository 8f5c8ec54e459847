import type { ApiErrorKind, Hint } from '../errors/index.ts'

/** What is known about a code of Yunpian. */
export interface YunpianCodeInfo {
  readonly kind: ApiErrorKind
  /** Whether the same request can succeed later without any change. The library never retries sends nevertheless. */
  readonly retryable: boolean
  readonly hint: Hint
}

const info = (kind: ApiErrorKind, retryable: boolean, en: string, zh: string): YunpianCodeInfo => ({
  kind,
  retryable,
  hint: { en, zh }
})

/** Source: Yunpian, "Return values" (返回值说明). Yunpian may add codes. */
export const CODES: Readonly<Record<number, YunpianCodeInfo>> = {
  1: info('request', false, 'A parameter is missing; see upstreamMessage.', '缺少参数，详见 upstreamMessage。'),
  2: info(
    'request',
    false,
    'A parameter has the wrong format; see upstreamMessage.',
    '参数格式错误，详见 upstreamMessage。'
  ),
  3: info('quota', false, 'The balance is too low: top up the account.', '账户余额不足：请充值。'),
  4: info(
    'request',
    false,
    'The text has a blocked word: call sms.getBlackWord to find it.',
    '内容含关键词：可用 sms.getBlackWord 查询。'
  ),
  5: info(
    'config',
    false,
    'No approved template matches the text: compare it letter by letter, sign included.',
    '未找到匹配的已审核模板：请逐字比对（含签名）。'
  ),
  6: info('config', false, 'The template could not be added.', '添加模板失败。'),
  7: info(
    'config',
    false,
    'The template cannot be used: it is under review or rejected.',
    '模板不可用：可能在审核中或被拒绝。'
  ),
  8: info(
    'rate_limit',
    true,
    'The same text was sent to this number within 30 seconds: wait that long.',
    '同一手机号 30 秒内重复提交相同内容：请稍候。'
  ),
  9: info(
    'rate_limit',
    true,
    'The same text was sent to this number more than three times in five minutes.',
    '同一手机号 5 分钟内重复提交相同内容超过 3 次。'
  ),
  10: info(
    'user',
    false,
    'The number is on the blocklist: its owner must request its removal.',
    '手机号在黑名单中：需机主申请移除。'
  ),
  11: info('request', false, 'This call does not support GET.', '该接口不支持 GET。'),
  12: info('request', false, 'This call does not support POST.', '该接口不支持 POST。'),
  13: info('restricted', false, 'Marketing messages are suspended.', '营销短信暂停发送。'),
  14: info(
    'request',
    false,
    'The content could not be decoded: it must be UTF-8, form-encoded.',
    '解码失败：须为 UTF-8 并经表单编码。'
  ),
  15: info('config', false, 'The sign does not match the template or the account.', '签名不匹配。'),
  16: info(
    'request',
    false,
    'The sign has the wrong format: the text must begin with 【sign】.',
    '签名格式不正确：内容须以【签名】开头。'
  ),
  17: info(
    'quota',
    true,
    'The daily limit for this number is reached: try tomorrow.',
    '该手机号已达当日上限：请次日再试。'
  ),
  18: info(
    'config',
    false,
    'The sign was not accepted: see its review in the console.',
    '签名校验失败：请在控制台查看审核状态。'
  ),
  19: info(
    'request',
    false,
    'The request is too old: build it again and check the clock of this machine.',
    '请求已失效：请重新构造请求，并检查本机时钟。'
  ),
  20: info('request', false, 'The country or region is not supported.', '不支持的国家或地区。'),
  21: info('request', false, 'The content could not be decrypted.', '解密失败。'),
  22: info(
    'quota',
    true,
    'The hourly limit for this number is reached: try in an hour.',
    '该手机号已达每小时上限：请一小时后再试。'
  ),
  23: info('config', false, 'The number is outside the regions of the template.', '手机号不在模板支持的地区内。'),
  24: info('config', false, 'The alarm could not be set.', '余额告警设置失败。'),
  25: info(
    'request',
    false,
    'The number of texts differs from the number of phone numbers.',
    '手机号与内容个数不一致。'
  ),
  26: info('request', false, 'The data package is wrong.', '流量包错误。'),
  27: info('config', false, 'Billing by money is not enabled for this account.', '未开通金额计费。'),
  28: info('request', false, 'The carrier is not supported.', '运营商不支持。'),
  33: info(
    'rate_limit',
    true,
    'The number got messages of this kind too often: try again later.',
    '该手机号此类短信超过频率限制：请稍后再试。'
  ),
  43: info(
    'quota',
    true,
    'The daily limit for this number is reached: try tomorrow.',
    '该手机号已达当日上限：请次日再试。'
  ),
  53: info(
    'quota',
    true,
    'The hourly limit of verification messages for this number is reached.',
    '该手机号验证码短信已达每小时上限。'
  ),
  [-1]: info(
    'config',
    false,
    'The API key is wrong: copy it again from the console.',
    'API KEY 错误：请在控制台重新复制。'
  ),
  [-2]: info('config', false, 'The API is not enabled for this account.', '账号未开通此 API。'),
  [-3]: info(
    'config',
    false,
    'The IP of this machine is not on the IP allowlist of the console: add it.',
    'IP 没有权限：请在控制台加入白名单。'
  ),
  [-4]: info('quota', true, 'The quota of calls is used up for now: try again later.', '访问次数超限：请稍后再试。'),
  [-5]: info('rate_limit', true, 'Too many calls per second: call more slowly.', '访问频率超限：请降低频率。'),
  [-6]: info('config', false, 'This account may not send in batches.', '账号不支持批量发送。'),
  [-50]: info(
    'busy',
    false,
    'Yunpian does not know what happened: check with sms.getRecord before you send again.',
    '未知异常：请先用 sms.getRecord 查询，再决定是否重发。'
  ),
  [-51]: info('busy', true, 'Yunpian is busy: try again in a moment.', '系统繁忙：请稍后重试。'),
  [-52]: info('state', false, 'The recharge failed.', '充值失败。'),
  [-53]: info(
    'busy',
    true,
    'The message could not be submitted: try again, but beware of duplicates.',
    '提交短信失败：可以重试，但可能重复发送。'
  ),
  [-54]: info('state', false, 'The record already exists.', '记录已存在。'),
  [-55]: info('state', false, 'The record does not exist.', '记录不存在。'),
  [-56]: info('state', false, 'The gift failed.', '赠送失败。'),
  [-57]: info(
    'config',
    false,
    'The account has no fixed sign: begin the text with 【sign】.',
    '未设置固定签名：内容须以【签名】开头。'
  )
}

const UNKNOWN_REQUEST = info(
  'request',
  false,
  'This library does not know this code; see upstreamMessage.',
  '本库未收录此错误码，详见 upstreamMessage。'
)
const UNKNOWN_PERMISSION = info(
  'config',
  false,
  'A permission is missing; see upstreamMessage.',
  '权限不足，详见 upstreamMessage。'
)
const UNKNOWN_INTERNAL = info('busy', true, 'Yunpian failed internally; try again later.', '云片内部错误：请稍后重试。')

/** Returns what is known about a code; never undefined. Unknown codes are classified by their range. */
export function describeCode(code: number): YunpianCodeInfo {
  return CODES[code] ?? (code > 0 ? UNKNOWN_REQUEST : code > -50 ? UNKNOWN_PERMISSION : UNKNOWN_INTERNAL)
}
