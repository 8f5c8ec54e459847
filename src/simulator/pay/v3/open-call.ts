import { createHash } from 'node:crypto'
import { parseJson } from '../../../internal/json/index.ts'
import { decryptSensitive } from '../../crypto/pay-v3.ts'
import type { MerchantAccount } from '../../framework/accounts.ts'
import type { Exchange } from '../../framework/exchange.ts'
import { V3Failure } from '../failures.ts'
import type { PayWorld } from '../world.ts'
import { checkSources } from './check-sources.ts'
import { type ReadOptions, readShape } from './read-shape.ts'
import type { UploadedFile, V3Call, V3Route } from './route.ts'
import { type Json, str } from './shape.ts'

const badRequest = (text: string): V3Failure => new V3Failure(400, 'PARAM_ERROR', text)

/** Bytes that the client signed: the body, or the part `meta` of an upload. */
export async function signedBody(
  exchange: Exchange,
  route: V3Route | undefined
): Promise<{ signed: string | Uint8Array; file?: UploadedFile }> {
  if (!route?.isUpload) return { signed: exchange.body }
  const form = await exchange.formData()
  const meta = form?.get('meta')
  const file = form?.get('file')
  if (meta === null || meta === undefined || !(file instanceof Blob)) {
    throw badRequest('multipart/form-data应包含meta与file两部分')
  }
  // With a file name the part is a file, whose text nobody signed: the signature does not fit.
  return {
    signed: typeof meta === 'string' ? meta : '',
    file: { name: (file as File).name ?? '', bytes: new Uint8Array(await file.arrayBuffer()) }
  }
}

/** Checks and reads what a verified caller sent. */
export function openCall(
  world: PayWorld,
  exchange: Exchange,
  route: V3Route,
  merchant: MerchantAccount,
  params: V3Call['params'],
  input: { signed: string | Uint8Array; file?: UploadedFile }
): V3Call {
  const secret = secretReader(world, exchange, merchant)
  const query = Object.fromEntries(exchange.query)
  const hasBody = route.body !== undefined || route.isUpload
  if (route.body && !/^application\/json\b/i.test(exchange.headers.get('content-type') ?? '')) {
    throw badRequest('Http头Content-Type应为application/json')
  }
  const rawBody = hasBody ? readJson(input.signed) : {}
  const unknown: string[] = []
  const options = { decrypt: secret, unknown: (field: string) => unknown.push(field) } as const
  checkSources({ params, query: exchange.query, body: rawBody }, options)
  const body = route.body ? readShape(route.body, rawBody, '/body', { ...options, location: 'body' }) : rawBody
  const readQuery = route.query ? readShape(route.query, query, '/query', { ...options, location: 'query' }) : query
  if (unknown.length > 0) {
    exchange.hint = unknownFields(unknown)
    if (world.settings.refuseUnknownFields) {
      throw new V3Failure(400, 'PARAM_ERROR', '请求中含有未在API文档中定义的参数', { location: null, value: unknown })
    }
  }
  const call: V3Call = {
    exchange,
    world,
    merchant,
    params,
    body: body as Json,
    query: readQuery as Json,
    rawBody,
    ...(input.file ? { file: input.file } : {})
  }
  if (route.self) checkSelf(call, route.self)
  if (call.file) checkFile(call.file, rawBody)
  return call
}

/** A misspelt field is lost in silence, or refused: merchants differ. Hints are headers, so in ASCII. */
function unknownFields(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).map((path) => path.slice(0, 64).replace(/[^\x21-\x7e]/g, '?'))
  return `the simulator knows no such field of this call; the platform passes over those it does not know or refuses the call, depending on the merchant (paySettings.refuseUnknownFields): ${shown.join(', ')}`
}

function readJson(bytes: string | Uint8Array): Json {
  let value: unknown
  try {
    value = parseJson(bytes)
  } catch {
    throw badRequest('请求体不是合法的JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest('请求体应为JSON对象')
  return value as Json
}

function checkSelf({ body, query, merchant, exchange }: V3Call, name: string): void {
  const given = str(exchange.method === 'GET' ? query : body, name) || str(query, name)
  if (given !== merchant.mchId) {
    const location = exchange.method === 'GET' ? 'query' : 'body'
    throw new V3Failure(400, 'PARAM_ERROR', `${name}与签名的商户号不一致`, { location, value: given })
  }
}

/** `Wechatpay-Serial` has to name the key that a field was encrypted with. */
function secretReader(world: PayWorld, exchange: Exchange, merchant: MerchantAccount): ReadOptions['decrypt'] {
  return (ciphertext, field) => {
    const serial = exchange.headers.get('wechatpay-serial')
    if (!serial) throw badRequest('HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)')
    const key = world.platform.decryptionKey(merchant, serial)
    if (!key) throw badRequest('平台证书序列号Wechatpay-Serial错误')
    try {
      const text = decryptSensitive(ciphertext, key)
      exchange.verified(`decrypted ${field}`)
      return text
    } catch {
      exchange.hint = `${field} could not be decrypted with the key that Wechatpay-Serial names`
      throw badRequest('请确认待处理的消息是否为加密后的密文')
    }
  }
}

function checkFile(file: UploadedFile, meta: Json): void {
  const sha256 = createHash('sha256').update(file.bytes).digest('hex')
  if (str(meta, 'sha256').toLowerCase() !== sha256) throw badRequest('meta中的sha256与文件内容不一致')
  if (str(meta, 'filename') === '') throw badRequest('meta缺少filename')
}
