import { crc32, etag, fromUrlSafe, urlSafe } from '../crypto/qiniu.ts'
import type { Exchange } from '../framework/exchange.ts'
import type { RouteParams } from '../framework/service.ts'
import { answerQiniu, QiniuFailure } from './failure.ts'
import { finishUpload } from './finish-upload.ts'
import type { UploadBlock } from './records.ts'
import { tokenOfHeader } from './resumable-upload.ts'
import type { QiniuState } from './state.ts'

const BLOCK_BYTES = 4 * 1024 * 1024
const LIFE_SECONDS = 7 * 86_400

/** POST /mkblk/SIZE of the older resumable upload (分片上传 v1). */
export function makeBlock(state: QiniuState, exchange: Exchange, { size: text = '' }: RouteParams): Response {
  const token = tokenOfHeader(state, exchange)
  const size = Number(text)
  if (!/^\d+$/.test(text) || size < 1 || size > BLOCK_BYTES) throw new QiniuFailure(400, 'invalid block size')
  return store(state, exchange, { accessKey: token.account.accessKey, size, data: exchange.body })
}

/** POST /bput/CTX/OFFSET */
export function putChunk(state: QiniuState, exchange: Exchange, { ctx = '', offset = '' }: RouteParams): Response {
  const token = tokenOfHeader(state, exchange)
  const block = blockOf(state, ctx, token.account.accessKey)
  if (Number(offset) !== block.data.length) throw new QiniuFailure(701, 'invalid offset')
  const data = Buffer.concat([block.data, exchange.body])
  return store(state, exchange, { accessKey: block.accessKey, size: block.size, data }, ctx)
}

function store(
  state: QiniuState,
  exchange: Exchange,
  block: Omit<UploadBlock, 'expiredAt'>,
  replaces?: string
): Response {
  if (block.data.length === 0 || block.data.length > block.size) throw new QiniuFailure(400, 'invalid block length')
  const { random, clock } = state.context
  const ctx = urlSafe(random.bytes(30))
  const expiredAt = clock.seconds() + LIFE_SECONDS
  state.setBlock(ctx, { ...block, expiredAt }, replaces)
  return answerQiniu(random, 200, {
    ctx,
    checksum: etag(block.data),
    crc32: crc32(exchange.body),
    offset: block.data.length,
    host: exchange.publicUrl(`https://${exchange.host}/`).replace(/\/$/, ''),
    expired_at: expiredAt
  })
}

/** POST /mkfile/FSIZE[/key/…][/mimeType/…][/fname/…][/x:var/…] */
export async function makeFile(state: QiniuState, exchange: Exchange, { rest = '' }: RouteParams): Promise<Response> {
  const token = tokenOfHeader(state, exchange)
  const [size = '', ...segments] = rest.split('/')
  const named = new Map<string, string>()
  for (let i = 0; i + 1 < segments.length; i += 2) {
    const value = fromUrlSafe(segments[i + 1] ?? '')?.toString()
    if (value === undefined) throw new QiniuFailure(400, `invalid ${segments[i]}`)
    named.set(segments[i] ?? '', value)
  }
  const contexts = exchange.text().split(',').filter(Boolean)
  const blocks = contexts.map((ctx) => blockOf(state, ctx, token.account.accessKey))
  if (blocks.some((block) => block.data.length !== block.size)) throw new QiniuFailure(701, 'block is not complete')
  const data = Buffer.concat(blocks.map((block) => block.data))
  if (data.length !== Number(size)) throw new QiniuFailure(400, 'file size does not match the blocks')
  const withPrefix = (prefix: string, cut: number) =>
    Object.fromEntries(
      [...named].filter(([name]) => name.startsWith(prefix)).map(([n, value]) => [n.slice(cut), value])
    )
  const response = await finishUpload(state, exchange, {
    token,
    data,
    key: named.get('key'),
    fname: named.get('fname'),
    mimeType: named.get('mimeType'),
    variables: withPrefix('x:', 0),
    metadata: withPrefix('x-qn-meta-', 'x-qn-meta-'.length),
    partSizes: blocks.map((block) => block.size)
  })
  for (const ctx of contexts) state.dropBlock(ctx)
  return response
}

function blockOf(state: QiniuState, ctx: string, accessKey: string): UploadBlock {
  const block = state.blocks.get(ctx)
  if (!block || block.accessKey !== accessKey || block.expiredAt <= state.context.clock.seconds())
    throw new QiniuFailure(701)
  return block
}
