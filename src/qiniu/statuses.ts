import type { ApiErrorKind, Hint } from '../errors/index.ts'

/** What is known of a status of Qiniu. */
export interface StatusInfo {
  readonly kind: ApiErrorKind
  /** The same request can succeed later without any change. */
  readonly retryable: boolean
  readonly hint: Hint
}

const info = (kind: ApiErrorKind, retryable: boolean, en: string, zh: string): StatusInfo => ({
  kind,
  retryable,
  hint: { en, zh }
})

/** Source: Qiniu, "HTTP status codes" (错误码). */
export const STATUSES: Readonly<Record<number, StatusInfo>> = {
  298: info(
    'state',
    false,
    'Some operations of the batch failed: look at the code of each item.',
    '批量操作部分失败：请逐项检查返回的 code。'
  ),
  400: info('request', false, 'A parameter is wrong; see upstreamMessage.', '请求参数错误，详见 upstreamMessage。'),
  401: info(
    'config',
    false,
    "The credential is wrong or expired: check accessKey and secretKey, the token's deadline (seconds, not milliseconds) and the clock of this machine.",
    '鉴权失败：请检查 accessKey 与 secretKey、凭证的 deadline（单位为秒而非毫秒）以及本机时钟。'
  ),
  403: info(
    'request',
    false,
    'Refused: a limit of the put policy (mimeLimit, fsizeMin), the permission of the key, or a request time more than 15 minutes off.',
    '请求被拒绝：上传策略限制（mimeLimit、fsizeMin）、密钥权限不足，或请求时间偏差超过 15 分钟。'
  ),
  404: info(
    'state',
    false,
    'No such resource: check bucket, key and host.',
    '资源不存在：请检查空间名、文件名与域名。'
  ),
  405: info('request', false, 'The method is not allowed for this path.', '请求方式错误。'),
  406: info(
    'request',
    true,
    'The bytes arrived damaged (CRC-32 differs): upload again.',
    '上传数据 CRC32 校验失败：请重新上传。'
  ),
  413: info('request', false, 'The content is larger than allowed (fsizeLimit).', '内容超过大小限制（fsizeLimit）。'),
  419: info('restricted', false, 'The account is frozen: see the console.', '账号被冻结：请到控制台处理。'),
  478: info('busy', true, 'The mirror source failed: check it and try later.', '镜像回源失败：请检查源站后稍后重试。'),
  502: info(
    'busy',
    true,
    'A gateway of Qiniu failed; repeat, best on another host.',
    '网关错误：请重试，最好更换域名。'
  ),
  503: info('busy', true, 'The service is unavailable for the moment; repeat later.', '服务暂不可用：请稍后重试。'),
  504: info('busy', true, 'The service did not answer in time; repeat.', '服务响应超时：请重试。'),
  571: info(
    'rate_limit',
    true,
    'Too many requests for one resource: repeat more slowly.',
    '单个资源访问频率过高：请降低频率后重试。'
  ),
  573: info(
    'rate_limit',
    true,
    'Too many requests for one resource: repeat more slowly.',
    '单个资源访问频率过高：请降低频率后重试。'
  ),
  579: info(
    'state',
    false,
    'The object is stored, but your callback failed: do not upload again. The callback must answer 200 with JSON within seconds.',
    '上传成功但回调失败：请勿重新上传。回调须在数秒内返回 200 与 JSON。'
  ),
  599: info(
    'busy',
    true,
    'Qiniu failed; repeat, and give requestId to the support if it goes on.',
    '服务端操作失败：请重试；若持续出现请携带 requestId 联系技术支持。'
  ),
  608: info('state', false, 'The content was changed meanwhile: read it again.', '资源内容被修改：请重新获取。'),
  612: info('state', false, 'The object does not exist or was deleted.', '指定资源不存在或已被删除。'),
  614: info(
    'state',
    false,
    'The target exists: give a key in the scope (which permits overwriting), or force for copy and move.',
    '目标资源已存在：请在 scope 中指定 key（允许覆盖），复制与移动可用 force。'
  ),
  630: info('quota', false, 'The number of buckets is exhausted.', '空间数量已达上限。'),
  631: info(
    'config',
    false,
    'No such bucket: check the option bucket and that accessKey belongs to its account.',
    '指定空间不存在：请检查 bucket 以及 accessKey 所属账号。'
  ),
  640: info(
    'request',
    false,
    'The marker of the listing is wrong: start without it.',
    'marker 参数错误：请从头开始列举。'
  ),
  701: info(
    'state',
    false,
    'The resumable upload has expired: start it again.',
    '断点续传上下文已失效：请重新开始上传。'
  )
}

/** What Qiniu answers about a resumable upload that it does not know, or no longer: it is begun anew. */
export const FORGOTTEN_UPLOAD: readonly number[] = [400, 404, 612, 701]

const UNKNOWN_CLIENT = info(
  'unknown',
  false,
  'Not in the list of this library; see upstreamMessage.',
  '本库未收录此状态码，详见 upstreamMessage。'
)
const UNKNOWN_SERVER = info('busy', true, 'Qiniu failed; repeat later.', '七牛服务异常：请稍后重试。')

const WRONG_REGION = /incorrect region, please use ([\w.-]+)/i
const wrongRegion = (host: string) =>
  info(
    'config',
    false,
    `The bucket is in another region: leave out the option region, or set the one of ${host}.`,
    `空间位于其他区域：请去掉 region 选项，或改为 ${host} 所属区域。`
  )

/** What is known of a status; never undefined. */
export function describeStatus(status: number, message: string): StatusInfo {
  const host = status === 400 ? WRONG_REGION.exec(message)?.[1] : undefined
  if (host) return wrongRegion(host)
  return STATUSES[status] ?? (status >= 500 ? UNKNOWN_SERVER : UNKNOWN_CLIENT)
}
