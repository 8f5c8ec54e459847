import { createHash } from 'node:crypto'
import type { FetchLike } from 'weixin-kit'
import { objectHash } from 'weixin-kit/qiniu'

export interface SeenCall {
  method: string
  host: string
  path: string
  headers: Headers
  form?: FormData
  bytes: Uint8Array
}

type Disturb = (call: SeenCall, index: number) => Response | Error | undefined | Promise<Response | Error | undefined>

/** As much of Qiniu as uploads need, in memory. `disturb` answers or fails in its place; `after` does so once it is done. */
export function fakeKodo(hooks: { disturb?: Disturb; after?: Disturb } = {}) {
  const objects = new Map<string, Buffer>()
  const sessions = new Map<string, Map<number, Buffer>>()
  const seen: SeenCall[] = []
  let sessionCount = 0

  const act = async (call: SeenCall): Promise<Response> => {
    if (call.path.startsWith('/v4/query')) {
      const up = { domains: ['upload-z2.qiniup.com', 'up-z2.qiniup.com'] }
      const one = (name: string) => ({ domains: [`${name}-z2.qiniuapi.com`] })
      const io = { domains: ['iovip-z2.qiniuio.com'] }
      return reply({ hosts: [{ region: 'z2', ttl: 86_400, up, io, rs: one('rs'), rsf: one('rsf'), api: one('api') }] })
    }
    if (call.path.startsWith('/stat/')) {
      const [, key = ''] = decode(call.path.slice('/stat/'.length)).split(':')
      const bytes = objects.get(key)
      return bytes ? reply({ hash: objectHash(bytes), fsize: bytes.length }) : reply({ error: 'no such file' }, 612)
    }
    if (call.form) return store(call.form)
    const [, object = '', uploadId, part] =
      /^\/buckets\/\w+\/objects\/([^/]+)\/uploads(?:\/([^/?]+))?(?:\/(\d+))?/.exec(call.path) ?? []
    if (uploadId === undefined) {
      const id = `id${++sessionCount}`
      sessions.set(id, new Map())
      return reply({ uploadId: id, expireAt: 4_000_000_000 })
    }
    const parts = sessions.get(uploadId)
    if (!parts) return reply({ error: 'no such uploadId' }, 612)
    if (call.method === 'PUT') {
      parts.set(Number(part), Buffer.from(call.bytes))
      return reply({ etag: `e${part}`, md5: createHash('md5').update(call.bytes).digest('hex') })
    }
    if (call.method === 'GET')
      return reply({ uploadId, parts: [...parts.keys()].map((partNumber) => ({ partNumber, etag: `e${partNumber}` })) })
    sessions.delete(uploadId)
    if (call.method === 'DELETE') return new Response(null, { status: 200 })
    const { parts: list } = JSON.parse(Buffer.from(call.bytes).toString()) as { parts: { partNumber: number }[] }
    const bytes = Buffer.concat(list.map(({ partNumber }) => parts.get(partNumber) ?? Buffer.alloc(0)))
    const key = object === '~' ? objectHash(bytes) : decode(object)
    objects.set(key, bytes)
    return reply({ key, hash: objectHash(bytes) })
  }

  const store = async (form: FormData): Promise<Response> => {
    const bytes = Buffer.from(await (form.get('file') as File).arrayBuffer())
    const key = (form.get('key') as string | null) ?? objectHash(bytes)
    const policy = JSON.parse(decode(String(form.get('token')).split(':')[2] ?? '')) as { insertOnly?: number }
    if (policy.insertOnly && objects.has(key)) return reply({ error: 'file exists' }, 614)
    objects.set(key, bytes)
    return reply({ key, hash: objectHash(bytes) })
  }

  const fetch: FetchLike = async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const copy = request.clone()
    const isForm = request.headers.get('content-type')?.startsWith('multipart/')
    const call: SeenCall = {
      method: request.method,
      host: url.host,
      path: url.pathname + url.search,
      headers: request.headers,
      bytes: new Uint8Array(await copy.arrayBuffer()),
      ...(isForm ? { form: await request.formData() } : {})
    }
    init?.signal?.throwIfAborted()
    seen.push(call)
    const before = await hooks.disturb?.(call, seen.length - 1)
    if (before instanceof Error) throw before
    if (before) return before
    const answer = await act(call)
    const after = await hooks.after?.(call, seen.length - 1)
    if (after instanceof Error) throw after
    return after ?? answer
  }
  return { fetch, seen, objects, sessions, paths: () => seen.map(({ method, path }) => `${method} ${path}`) }
}

export const cut = () =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) })

/** A JSON response. The constructor of `Response` knows nothing beyond 599, although `fetch` hands such statuses out. */
export function reply(body: unknown, status = 200): Response {
  const response = Response.json(body, { status: Math.min(status, 599), headers: { 'x-reqid': 'REQ1' } })
  return status > 599 ? Object.defineProperty(response, 'status', { value: status }) : response
}

const decode = (text: string) => Buffer.from(text, 'base64url').toString('utf8')
