import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { signText } from '../crypto/qiniu.ts'
import type { Exchange } from '../framework/exchange.ts'
import { transportTime } from '../framework/transport-time.ts'
import { equals } from './authorize.ts'
import { QiniuFailure } from './failure.ts'
import { imageInfo } from './image-info.ts'
import type { QiniuBucket, StoredObject } from './records.ts'
import { loadSource } from './remote-source.ts'
import type { QiniuState } from './state.ts'

/** GET and HEAD on a domain of a bucket. */
export async function download(state: QiniuState, exchange: Exchange, bucket: QiniuBucket): Promise<Response> {
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw new QiniuFailure(405)
  exchange.account = bucket.accessKey
  if (state.frozen.has(bucket.accessKey)) throw new QiniuFailure(419)
  if (bucket.cdnKey) checkTimestamp(state, exchange, bucket.cdnKey)
  if (bucket.private) checkToken(state, exchange, bucket)
  const key = decodePath(exchange.path)
  const object = state.find(bucket.name, key) ?? (await fromMirror(state, bucket, key))
  if (!object) throw new QiniuFailure(404, 'Document not found')
  if (object.status === 1) throw new QiniuFailure(403, 'the object is disabled')
  const isArchived = object.type === 2 || object.type === 3
  if (isArchived && !((object.restoredUntil ?? 0) > state.context.clock.now()))
    throw new QiniuFailure(403, 'the object is archived; restore it first')
  return serve(exchange, object)
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path.slice(1))
  } catch {
    throw new QiniuFailure(400, 'invalid path')
  }
}

async function fromMirror(state: QiniuState, bucket: QiniuBucket, key: string): Promise<StoredObject | undefined> {
  if (!bucket.mirror) return undefined
  const url = `${bucket.mirror.replace(/\/$/, '')}/${key.split('/').map(encodeURIComponent).join('/')}`
  const { data, mimeType } = await loadSource(state, url)
  return state.put({ bucket: bucket.name, key, data, mimeType })
}

/** `e` and `token` of a private download URL (下载凭证); the token is the last parameter. */
function checkToken(state: QiniuState, exchange: Exchange, bucket: QiniuBucket): void {
  const [, signedPart, token] = /^(.*[?&]e=\d+)&token=([^&]+)$/.exec(exchange.target) ?? []
  if (signedPart === undefined || token === undefined) {
    const hasToken = exchange.query.has('token')
    throw new QiniuFailure(401, hasToken ? 'download token auth failed' : 'download token not specified')
  }
  const [accessKey = '', sign = ''] = decodeToken(token).split(':')
  const account = accessKey === bucket.accessKey ? state.account(accessKey) : undefined
  const suffix = `&token=${token}`
  const received = exchange.receivedTarget.slice(0, -suffix.length)
  const urls = ['http', 'https'].flatMap((scheme) => [
    `${scheme}://${exchange.host}${signedPart}`,
    `${scheme}://${exchange.receivedHost}${received}`
  ])
  if (!account || !urls.some((url) => equals(signText(account.secretKey, url), sign)))
    throw new QiniuFailure(401, 'download token auth failed')
  const deadline = Number(/[?&]e=(\d+)$/.exec(signedPart)?.[1])
  if (deadline * 1000 <= transportTime(state.context.clock, exchange)) throw new QiniuFailure(401, 'expired token')
  exchange.verified('download token')
}

function decodeToken(token: string): string {
  try {
    return decodeURIComponent(token)
  } catch {
    return ''
  }
}

/** `sign` and `t` of the timestamp protection (时间戳防盗链): md5 of key, path and hexadecimal time. */
function checkTimestamp(state: QiniuState, exchange: Exchange, cdnKey: string): void {
  const time = exchange.query.get('t') ?? ''
  const sign = exchange.query.get('sign') ?? ''
  const digest = createHash('md5').update(`${cdnKey}${exchange.path}${time}`).digest('hex')
  if (!/^[0-9a-f]{1,8}$/i.test(time) || !equals(digest, sign.toLowerCase())) throw new QiniuFailure(403, 'bad sign')
  if (Number.parseInt(time, 16) * 1000 <= transportTime(state.context.clock, exchange))
    throw new QiniuFailure(403, 'sign expired')
  exchange.verified('timestamp sign')
}

function serve(exchange: Exchange, object: StoredObject): Response {
  const { data, mimeType, hash, putTime, metadata } = object
  const [command = ''] = exchange.url.search.slice(1).split('&', 1)
  if (command === 'imageInfo') return answerImageInfo(object)
  if (command === 'hash/md5' || command === 'qhash/md5') return Response.json({ hash: object.md5, fsize: data.length })
  const headers = new Headers({
    'content-type': 'application/octet-stream',
    etag: `"${hash}"`,
    'accept-ranges': 'bytes',
    'last-modified': new Date(Number(BigInt(putTime) / 10_000n)).toUTCString()
  })
  setQuietly(headers, 'content-type', mimeType)
  for (const [name, value] of Object.entries(metadata)) setQuietly(headers, `x-qn-meta-${name}`, value)
  const attname = exchange.query.get('attname')
  if (attname !== null) {
    const name = attname || basename(object.key)
    headers.set('content-disposition', `attachment; filename*=utf-8''${encodeURIComponent(name)}`)
  }
  if (exchange.headers.get('if-none-match') === `"${hash}"`) return new Response(null, { status: 304, headers })
  const range = /^bytes=(\d*)-(\d*)$/.exec(exchange.headers.get('range') ?? '')
  if (!range || (range[1] === '' && range[2] === '')) return new Response(new Uint8Array(data), { headers })
  const start = range[1] === '' ? Math.max(0, data.length - Number(range[2])) : Number(range[1])
  const end = range[1] === '' || range[2] === '' ? data.length - 1 : Math.min(Number(range[2]), data.length - 1)
  if (start > end) return new Response(null, { status: 416, headers: { 'content-range': `bytes */${data.length}` } })
  headers.set('content-range', `bytes ${start}-${end}/${data.length}`)
  return new Response(new Uint8Array(data.subarray(start, end + 1)), { status: 206, headers })
}

function answerImageInfo(object: StoredObject): Response {
  const info = imageInfo(object.data)
  if (!info) throw new QiniuFailure(400, 'unsupported format: not a picture')
  return Response.json({ size: object.data.length, ...info })
}

function setQuietly(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value)
  } catch {
    // A type or metadata that no header can carry is shown by stat only.
  }
}
