import type { ApiErrorKind, Hint } from '../errors/index.ts'

/** What is known about a status of Qiniu. */
export interface StatusInfo {
  readonly kind: ApiErrorKind
  /** Whether the same request can succeed later without any change. */
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
    'Some operations of the batch failed: check the code of each item.',
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
    'Refused: a limit of the put policy (mimeLimit, fsizeMin), the permission of the key, or a request timestamp that is more than 15 minutes off.',
    '请求被拒绝：上传策略限制（mimeLimit、fsizeMin）、密钥权限不足，或请求时间偏差超过 15 分钟。'
  ),
  404: info(
    'state',
    false,
    'There is nothing at this URL. A missing object is 612, so the host is more likely wrong than the key: check baseUrl, the options region and bucket, and the path of your own requests.',
    '该地址不存在。对象不存在时返回 612，因此多半是域名有误：请检查 baseUrl、region、bucket 选项以及自定义请求的路径。'
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
  478: info(
    'busy',
    true,
    'The mirror source failed: check it and try again later.',
    '镜像回源失败：请检查源站后稍后重试。'
  ),
  502: info(
    'busy',
    true,
    'A gateway of Qiniu failed: try again, preferably on another host.',
    '网关错误：请重试，最好更换域名。'
  ),
  503: info('busy', true, 'The service is unavailable: try again later.', '服务暂不可用：请稍后重试。'),
  504: info('busy', true, 'The service did not respond in time: try again.', '服务响应超时：请重试。'),
  571: info(
    'rate_limit',
    true,
    'Too many requests for one resource: slow down.',
    '单个资源访问频率过高：请降低频率后重试。'
  ),
  573: info(
    'rate_limit',
    true,
    'Too many requests for one resource: slow down.',
    '单个资源访问频率过高：请降低频率后重试。'
  ),
  579: info(
    'state',
    false,
    'The object is stored, but your callback failed: do not upload again. The callback must respond with 200 and JSON within seconds.',
    '上传成功但回调失败：请勿重新上传。回调须在数秒内返回 200 与 JSON。'
  ),
  599: info(
    'busy',
    true,
    'Qiniu failed: try again, and send requestId to their support if it persists.',
    '服务端操作失败：请重试；若持续出现请携带 requestId 联系技术支持。'
  ),
  608: info('state', false, 'The content has changed in the meantime: read it again.', '资源内容被修改：请重新获取。'),
  612: info('state', false, 'The object does not exist or was deleted.', '指定资源不存在或已被删除。'),
  614: info(
    'state',
    false,
    'The object exists and the token only permits inserting: a token with a key (and without insertOnly) permits overwriting; with saveKey, include $(etag) or $(uuid) so that names differ.',
    '目标资源已存在，而凭证只允许新增：凭证中指定 key（且不设 insertOnly）即可覆盖；使用 saveKey 时请加入 $(etag) 或 $(uuid) 使文件名不同。'
  ),
  630: info('quota', false, 'The number of buckets is exhausted.', '空间数量已达上限。'),
  631: info(
    'config',
    false,
    'The bucket does not exist: check the option bucket and that accessKey belongs to its account.',
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

/** Statuses of a resumable upload that Qiniu does not (or no longer) know: it is started again. */
export const FORGOTTEN_UPLOAD: readonly number[] = [400, 404, 612, 701]

const UNKNOWN_CLIENT = info(
  'unknown',
  false,
  'This library does not know this code; see upstreamMessage.',
  '本库未收录此状态码，详见 upstreamMessage。'
)
const UNKNOWN_SERVER = info('busy', true, 'Qiniu failed: try again later.', '七牛服务异常：请稍后重试。')

const WRONG_REGION = /incorrect region, please use (?:https?:\/\/)?((?:up(?:load)?)(?:-([a-z0-9-]+))?\.[\w.-]*\w)/i
const EXPIRED_TOKEN = /expired token|token out of date/i
const BAD_TOKEN = /bad token/i
const UNKNOWN_UPLOAD = /no such uploadid/i

const TARGET_EXISTS = info(
  'state',
  false,
  'The target exists: set "force: true" to replace it, or choose another target.',
  '目标资源已存在：如需覆盖请传入 force: true，或更换目标。'
)
const TOKEN_EXPIRED = info(
  'config',
  false,
  "The upload token had expired when the upload completed: give it a longer TTL (expiresInSeconds), make a new one for each upload, and check this machine's clock.",
  '上传完成时凭证已过期：请延长有效期（expiresInSeconds）、每次上传使用新的凭证，并检查本机时钟。'
)
const TOKEN_BAD = info(
  'config',
  false,
  'The upload token does not belong to this account or was changed in transit: check accessKey, secretKey and bucket, and that the page sends the token unchanged (a form decodes + and %).',
  '上传凭证与账号不符或在传递中被改动：请检查 accessKey、secretKey 与 bucket，并确认页面原样提交凭证（表单会解码 + 与 %）。'
)
const BUCKET_UNKNOWN = info(
  'config',
  false,
  'Qiniu does not know this bucket for this accessKey: check both options; a new bucket may take a few minutes.',
  '七牛在该 accessKey 下找不到此空间：请检查 bucket 与 accessKey；新建空间可能需要几分钟生效。'
)
const UPLOAD_UNKNOWN = info(
  'state',
  false,
  'Qiniu no longer knows this multipart upload: it was completed, aborted or has expired. Start it again.',
  '七牛已查不到该分片上传：可能已完成、已放弃或已过期。请重新开始上传。'
)

const wrongRegion = (host: string, region: string) =>
  info(
    'config',
    false,
    `The bucket is in the region "${region}" (${host}): set the option region to "${region}" or leave it out, and make pages post to the uploadUrl of uploadTokenHandler.`,
    `空间位于 ${region} 区域（${host}）：请将 region 选项设为 "${region}" 或去掉该选项；页面应提交到 uploadTokenHandler 返回的 uploadUrl。`
  )

/** Returns what is known about a status; never undefined. The same status has different meanings in different calls. */
export function describeStatus(status: number, message: string, operation = ''): StatusInfo {
  const [, host, region = 'z0'] = (status === 400 && WRONG_REGION.exec(message)) || []
  if (host) return wrongRegion(host, region)
  const isUpload = /^(upload|transferMedia)/.test(operation)
  if (status === 401 && isUpload && EXPIRED_TOKEN.test(message)) return TOKEN_EXPIRED
  if (status === 401 && isUpload && BAD_TOKEN.test(message)) return TOKEN_BAD
  if (status === 614 && /^objects\.(copy|move)/.test(operation)) return TARGET_EXISTS
  if ((status === 612 || status === 404) && UNKNOWN_UPLOAD.test(message)) return UPLOAD_UNKNOWN
  if ((status === 612 || status === 404) && operation === 'region.query') return BUCKET_UNKNOWN
  return STATUSES[status] ?? (status >= 500 ? UNKNOWN_SERVER : UNKNOWN_CLIENT)
}
