import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { answerOf, hmac, make, NOW, PNG, type Sim, stat, token, upload, urlSafe } from './qiniu-support.ts'

const BUCKET = make().credentials.qiniu.bucket
const hashOf = (data: string | Buffer) =>
  urlSafe(Buffer.concat([Buffer.of(0x16), createHash('sha1').update(data).digest()]))

describe('a form upload', () => {
  it('is stored under the key of the client, of saveKey, or its hash', async () => {
    const sim = make()
    expect((await upload(sim, {}, { key: 'a/b' })).json).toEqual({ key: 'a/b', hash: hashOf('hello') })
    expect((await upload(sim)).json).toMatchObject({ key: hashOf('hello') })
    expect((await upload(sim, { saveKey: '$(year)/$(etag)$(ext)' })).json).toMatchObject({
      key: `2025/${hashOf('hello')}.txt`
    })
    expect((await upload(sim, { saveKey: 's', forceSaveKey: true }, { key: 'c' })).json).toMatchObject({ key: 's' })
    expect((await upload(sim, {}, { key: '' })).json).toMatchObject({ key: '' })
    expect((await stat(sim, '')).json).toMatchObject({ fsize: 5, mimeType: 'text/plain' })
    expect(sim.qiniu.objects().map(({ key }) => key)).toContain('a/b')
  })

  it.each<[string, Record<string, unknown>, Parameters<typeof upload>[2], number, RegExp]>([
    ['after the deadline', { deadline: NOW }, {}, 401, /expired token/],
    ['with a deadline in milliseconds', { deadline: NOW * 1000 }, {}, 400, /deadline/],
    ['to a bucket that is not there', { scope: 'other' }, {}, 631, /no such bucket/],
    ['under another key than the scope', { scope: `${BUCKET}:a` }, { key: 'b' }, 403, /match/],
    ['without the key of the scope', { scope: `${BUCKET}:a` }, {}, 403, /match/],
    ['outside of the prefix', { scope: `${BUCKET}:a/`, isPrefixalScope: 1 }, { key: 'b/1' }, 403, /match/],
    ['that is too small', { fsizeMin: 6 }, {}, 403, /fsizeMin/],
    ['that is too large', { fsizeLimit: 4 }, {}, 413, /FsizeLimit/],
    ['of a type that is not permitted', { mimeLimit: 'image/*' }, {}, 403, /mimeType/],
    ['of a type that is forbidden', { mimeLimit: '!text/plain;image/png' }, {}, 403, /mimeType/],
    ['whose real type is not permitted', { mimeLimit: 'image/*', detectMime: 1 }, { type: 'image/png' }, 403, /mime/],
    ['with a wrong checksum', {}, { crc32: '1' }, 406, /crc32/],
    ['with a key that is too long', {}, { key: 'k'.repeat(751) }, 400, /too long/],
    ['with a callbackUrl without body', { callbackUrl: 'http://127.0.0.1/' }, {}, 400, /callbackBody/],
    ['whose returnBody is no JSON', { returnBody: '{$(key)' }, { key: 'k' }, 400, /returnBody/],
    ['at the host of another region', {}, { host: 'up-z2.qiniup.com' }, 400, /please use up\.qiniup\.com/]
  ])('is refused %s', async (_, policy, options, status, message) => {
    const sim = make()
    const answer = await upload(sim, policy, options)
    expect(answer.status).toBe(status)
    expect(answer.json.error).toMatch(message)
    if (!policy.returnBody) expect(sim.qiniu.objects()).toEqual([])
  })

  it('is refused with a token that is forged, cut, or absent', async () => {
    const sim = make()
    const [accessKey = '', sign = '', policy = ''] = token(sim).split(':')
    const longer = urlSafe(JSON.stringify({ scope: BUCKET, deadline: NOW + 9999 }))
    for (const forged of [
      '',
      'x',
      `${accessKey}:${sign}`,
      `${accessKey}:${sign}:${longer}`,
      `x:${sign}:${policy}`,
      `${accessKey}:${sign}:${policy}:`
    ])
      expect((await upload(sim, {}, { token: forged })).status).toBe(401)
  })

  it('replaces only where the scope has the key, and adds what is there already', async () => {
    const sim = make()
    await upload(sim, {}, { key: 'a' })
    expect((await upload(sim, {}, { key: 'a', data: 'other' })).status).toBe(614)
    expect((await upload(sim, {}, { key: 'a' })).status).toBe(200)
    const own = { scope: `${BUCKET}:a` }
    expect((await upload(sim, own, { key: 'a', data: 'other' })).status).toBe(200)
    expect((await upload(sim, { ...own, insertOnly: 1 }, { key: 'a', data: 'third' })).status).toBe(614)
    expect((await upload(sim, { ...own, isPrefixalScope: 1 }, { key: 'a', data: 'third' })).status).toBe(614)
    expect((await stat(sim, 'a')).json).toMatchObject({ hash: hashOf('other') })
  })

  it('fills magic variables with quotes and inside of quotes', async () => {
    const sim = make()
    const returnBody =
      '{"key":$(key),"again":"$(key)","size":$(fsize),"w":$(imageInfo.width),"h":$(imageInfo.height),"type":$(mimeType),' +
      '"user":$(endUser),"x":"[$(x:note)]","none":$(x:none),"avinfo":$(avinfo.format),"info":$(imageInfo)}'
    const note = 'say "hi"\\ $(key)'
    const { json } = await upload(
      sim,
      { returnBody, endUser: 'u1' },
      { key: '图"1', data: PNG, name: '1.png', type: 'image/png', 'x:note': note }
    )
    expect(json).toEqual({
      key: '图"1',
      again: '图"1',
      size: PNG.length,
      w: 1,
      h: 2,
      type: 'image/png',
      user: 'u1',
      x: `[${note}]`,
      none: null,
      avinfo: null,
      info: { format: 'png', width: 1, height: 2, colorModel: 'nrgba' }
    })
    const names = '{"p":$(__proto__),"c":$(constructor),"t":$(imageInfo.toString)}'
    expect((await upload(sim, { returnBody: names }, { key: 'n', data: PNG })).json).toEqual({
      p: null,
      c: null,
      t: null
    })
  })

  it('redirects to returnUrl with the result or the error', async () => {
    const sim = make()
    const policy = { returnUrl: 'https://shop.example/done?id=1', fsizeLimit: 10 }
    const done = await upload(sim, policy, { key: 'a' }).catch((error: unknown) => error)
    expect(done).toMatchObject({ status: 303 })
    const location = new URL((done as { headers: Headers }).headers.get('location') ?? '')
    const result = Buffer.from(location.searchParams.get('upload_ret') ?? '', 'base64url').toString()
    expect(JSON.parse(result)).toMatchObject({ key: 'a' })
    const failed = await upload(sim, policy, { key: 'b', data: 'x'.repeat(11) })
    expect(failed.headers.get('location')).toBe('https://shop.example/done?id=1&code=413&error=exceed%20FsizeLimit')
  })

  it('keeps metadata, end user, storage class and expiry', async () => {
    const sim = make()
    const policy = { endUser: 'u1', fileType: 1, deleteAfterDays: 2 }
    await upload(sim, policy, { key: 'a', 'x-qn-meta-color': 'red' })
    expect((await stat(sim, 'a')).json).toMatchObject({
      endUser: 'u1',
      type: 1,
      expiration: NOW + 2 * 86_400,
      'x-qn-meta': { color: 'red' }
    })
    await sim.clock.advance(2 * 86_400_000)
    expect((await stat(sim, 'a')).status).toBe(612)
    expect(sim.qiniu.storedBytes).toBe(0)
  })

  it('refuses what is no form', async () => {
    const sim = make()
    const json = await sim.fetch('https://up.qiniup.com/', { method: 'POST', body: '{}' })
    expect(json.status).toBe(400)
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    const broken = await sim.fetch('https://up.qiniup.com/', { method: 'POST', headers, body: '--y' })
    expect(broken.status).toBe(400)
    const form = new FormData()
    form.set('token', token(sim))
    expect((await sim.fetch('https://up.qiniup.com/', { method: 'POST', body: form })).status).toBe(400)
  })

  it('drops the oldest objects when memory is full', async () => {
    const sim = make({ limits: { objectBytes: 100 } })
    for (const key of ['a', 'b', 'c']) await upload(sim, {}, { key, data: key.repeat(40) })
    expect(sim.qiniu.objects().map(({ key }) => key)).toEqual(['b', 'c'])
    expect(sim.qiniu.storedBytes).toBe(80)
    expect((await upload(sim, {}, { key: 'd', data: 'x'.repeat(101) })).status).toBe(413)
    expect(sim.qiniu.objects()).toHaveLength(2)
  })
})

describe('a callback', () => {
  const seen: { request: Request; body: string }[] = []
  const appWith = (answer: (request: Request) => Response) =>
    make({
      deliver: async (request) => {
        seen.push({ request, body: await request.clone().text() })
        return answer(request)
      }
    })
  const policy = {
    callbackUrl: 'https://shop.example/cb?a=1',
    callbackBody: 'key=$(key)&n=$(x:n)&none=$(x:none)'
  }
  const last = () => seen.at(-1) as (typeof seen)[number]

  it('is signed, and its response reaches the uploader', async () => {
    const sim = appWith(() => Response.json({ id: 7 }))
    expect((await upload(sim, policy, { key: 'a b', 'x:n': 'x&y=中' })).json).toEqual({ id: 7 })
    const { request, body } = last()
    expect(body).toBe('key=a%20b&n=x%26y%3D%E4%B8%AD&none=')
    const { accessKey, secretKey } = sim.credentials.qiniu
    expect(request.headers.get('authorization')).toBe(`QBox ${accessKey}:${hmac(secretKey, `/cb?a=1\n${body}`)}`)
  })

  it('carries JSON and the other scheme when told', async () => {
    const sim = appWith(() => Response.json({}))
    sim.qiniu.signCallbacksWith('Qiniu')
    const json = { callbackBody: '{"key":$(key),"size":$(fsize)}', callbackBodyType: 'application/json' }
    await upload(sim, { ...policy, ...json, callbackHost: 'inner.example' }, { key: 'a' })
    const { request, body } = last()
    expect(JSON.parse(body)).toEqual({ key: 'a', size: 5 })
    const date = request.headers.get('x-qiniu-date') ?? ''
    expect(date).toMatch(/^\d{8}T\d{6}Z$/)
    const text = `POST /cb?a=1\nHost: inner.example\nContent-Type: application/json\nX-Qiniu-Date: ${date}\n\n${body}`
    expect(new URL(request.url).host).toBe('inner.example')
    expect(request.headers.get('authorization')).toContain(hmac(sim.credentials.qiniu.secretKey, text))
  })

  it.each<[string, () => Response]>([
    ['fails', () => new Response('no', { status: 500 })],
    ['answers no JSON', () => new Response('ok', { headers: { 'content-type': 'application/json' } })],
    ['answers JSON of another type', () => new Response('{}', { headers: { 'content-type': 'text/html' } })],
    ['redirects', () => new Response(null, { status: 302, headers: { location: '/x' } })]
  ])('that %s gives 579, and the object exists', async (_, answer) => {
    const sim = appWith(answer)
    const { status, json } = await upload(sim, policy, { key: 'a' })
    expect(status).toBe(579)
    expect(json).toMatchObject({ key: 'a', hash: hashOf('hello'), callback_url: policy.callbackUrl })
    expect((await stat(sim, 'a')).status).toBe(200)
  })

  it('without anywhere to go gives 579 and says why', async () => {
    const { status, json } = await upload(make(), policy, { key: 'a' })
    expect([status, json.error]).toEqual([579, expect.stringMatching(/no target/)])
  })

  it('goes to the next address when one fails', async () => {
    const sim = appWith((request) => Response.json({}, { status: new URL(request.url).host === 'b' ? 200 : 500 }))
    expect((await upload(sim, { ...policy, callbackUrl: 'https://a/x;https://b/x' }, { key: 'a' })).status).toBe(200)
  })

  it('names the object with callbackFetchKey', async () => {
    const sim = appWith(() => Response.json({ key: 'named', payload: { ok: true } }))
    const { json } = await upload(sim, { ...policy, callbackFetchKey: 1 })
    expect(json).toEqual({ ok: true })
    expect(sim.qiniu.objects().map(({ key }) => key)).toEqual(['named'])
    const other = appWith(() => Response.json({}))
    expect((await upload(other, { ...policy, callbackFetchKey: 1 })).status).toBe(579)
    expect(other.qiniu.objects()).toEqual([])
  })
})

describe('a resumable upload', () => {
  const MIB = 1024 * 1024
  async function v2(
    sim: Sim,
    method: string,
    tail: string,
    body?: Buffer | string,
    uploadToken = token(sim),
    key = 'big'
  ) {
    const headers = { authorization: `UpToken ${uploadToken}`, 'content-type': 'application/octet-stream' }
    const path = `/buckets/${BUCKET}/objects/${key === '~' ? key : urlSafe(key)}/uploads${tail}`
    const init = { method, headers, ...(body === undefined ? {} : { body: body as string }) }
    return answerOf(await sim.fetch(`https://upload.qiniup.com${path}`, init))
  }
  const begin = async (sim: Sim, key?: string) =>
    String((await v2(sim, 'POST', '', undefined, undefined, key)).json.uploadId)

  it('takes parts in any order, repeated too, and joins them', async () => {
    const sim = make()
    const id = await begin(sim)
    const [one, two] = [Buffer.alloc(MIB, 1), Buffer.from('end')]
    const second = await v2(sim, 'PUT', `/${id}/2`, two)
    await v2(sim, 'PUT', `/${id}/1`, Buffer.alloc(MIB, 9))
    const first = await v2(sim, 'PUT', `/${id}/1`, one)
    expect(second.json).toEqual({ etag: hashOf(two), md5: createHash('md5').update(two).digest('hex') })
    expect((await v2(sim, 'GET', `/${id}?max-parts=1`)).json).toMatchObject({
      partNumberMarker: 1,
      parts: [{ partNumber: 1, size: MIB }]
    })
    const parts = [
      { partNumber: 1, etag: first.json.etag },
      { partNumber: 2, etag: second.json.etag }
    ]
    expect((await v2(sim, 'POST', `/${id}`, JSON.stringify({ parts: [...parts].reverse() }))).status).toBe(400)
    const body = { parts, fname: 'x.bin', customVars: { 'x:a': '1' }, metadata: { 'x-qn-meta-m': 'v' } }
    const done = await v2(
      sim,
      'POST',
      `/${id}`,
      JSON.stringify(body),
      token(sim, { returnBody: '{"n":$(fname),"a":$(x:a)}' })
    )
    expect(done.json).toEqual({ n: 'x.bin', a: '1' })
    expect(Buffer.concat([one, two]).equals(sim.qiniu.object('big')?.data ?? Buffer.of())).toBe(true)
    expect((await stat(sim, 'big')).json).toMatchObject({ parts: [MIB, 3], 'x-qn-meta': { m: 'v' } })
    expect(sim.qiniu.storedBytes).toBe(MIB + 3)
    expect((await v2(sim, 'POST', `/${id}`, JSON.stringify(body))).status).toBe(612)
  })

  it('refuses wrong parts, sums, names and tokens', async () => {
    const sim = make({ accounts: { qiniu: [{}, {}] } })
    const id = await begin(sim)
    const small = await v2(sim, 'PUT', `/${id}/1`, 'a')
    await v2(sim, 'PUT', `/${id}/2`, 'b')
    const part = (partNumber: number, etag: unknown = small.json.etag) => ({ partNumber, etag })
    const complete = (parts: unknown) => v2(sim, 'POST', `/${id}`, JSON.stringify({ parts }))
    expect((await complete([])).status).toBe(400)
    expect((await complete([part(1, 'x')])).status).toBe(400)
    expect((await complete([part(3)])).status).toBe(400)
    expect((await complete([part(1), part(2, hashOf('b'))])).json.error).toMatch(/too small/)
    expect((await v2(sim, 'PUT', `/${id}/0`, 'a')).status).toBe(400)
    expect((await v2(sim, 'PUT', `/${id}/10001`, 'a')).status).toBe(400)
    expect((await v2(sim, 'PUT', `/${id}/1`, 'a', undefined, 'other')).status).toBe(612)
    expect((await v2(sim, 'PUT', `/${'0'.repeat(40)}/1`, 'a')).status).toBe(612)
    expect((await v2(sim, 'PUT', `/${id}/1`, 'a', 'bad')).status).toBe(401)
    const headers = { authorization: `UpToken ${token(sim)}`, 'content-md5': '0'.repeat(32) }
    const path = `/buckets/${BUCKET}/objects/${urlSafe('big')}/uploads/${id}/1`
    expect((await sim.fetch(`https://up.qiniup.com${path}`, { method: 'PUT', headers, body: 'a' })).status).toBe(406)
    const elsewhere = `https://up.qiniup.com/buckets/${BUCKET}-2/objects/~/uploads`
    expect((await sim.fetch(elsewhere, { method: 'POST', headers })).status).toBe(403)
  })

  it('checks the deadline when it completes, and ends after a week or an abort', async () => {
    const sim = make()
    const id = await begin(sim)
    const { json } = await v2(sim, 'PUT', `/${id}/1`, 'a')
    const body = JSON.stringify({ parts: [{ partNumber: 1, etag: json.etag }] })
    const short = token(sim, { deadline: NOW - 1 })
    expect((await v2(sim, 'PUT', `/${id}/2`, 'b', short)).status).toBe(200)
    expect((await v2(sim, 'POST', `/${id}`, body, short)).status).toBe(401)
    await v2(sim, 'DELETE', `/${id}`)
    expect(sim.qiniu.storedBytes).toBe(0)
    expect((await v2(sim, 'POST', `/${id}`, body)).status).toBe(612)
    const later = await begin(sim)
    await sim.clock.advance(7 * 86_400_000)
    expect((await v2(sim, 'PUT', `/${later}/1`, 'a')).status).toBe(612)
  })

  it('replaces without insertOnly, as the platform does, and names without a key', async () => {
    const sim = make()
    sim.qiniu.put('big', 'old')
    const send = async (uploadToken: string, key?: string) => {
      const id = await begin(sim, key)
      const { json } = await v2(sim, 'PUT', `/${id}/1`, 'new', uploadToken, key)
      const body = JSON.stringify({ parts: [{ partNumber: 1, etag: json.etag }] })
      return v2(sim, 'POST', `/${id}`, body, uploadToken, key)
    }
    expect((await send(token(sim, { insertOnly: 1 }))).status).toBe(614)
    expect((await send(token(sim))).json).toEqual({ key: 'big', hash: hashOf('new') })
    expect((await send(token(sim), '~')).json).toEqual({ key: hashOf('new'), hash: hashOf('new') })
  })

  it('works in blocks (v1) and forgets them', async () => {
    const sim = make()
    const headers = { authorization: `UpToken ${token(sim)}` }
    const post = async (path: string, body: string) =>
      answerOf(await sim.fetch(`https://up.qiniup.com${path}`, { method: 'POST', headers, body }))
    const first = await post('/mkblk/6', 'abc')
    expect(first.json).toMatchObject({ offset: 3, crc32: 891568578 })
    expect((await post(`/bput/${String(first.json.ctx)}/1`, 'def')).status).toBe(701)
    const second = await post(`/bput/${String(first.json.ctx)}/3`, 'def')
    const path = `/mkfile/6/key/${urlSafe('v1')}/mimeType/${urlSafe('text/csv')}/fname/${urlSafe('n')}/x:a/${urlSafe('1')}`
    expect((await post(path, String(first.json.ctx))).status).toBe(701)
    expect((await post(path.replace('/6/', '/7/'), String(second.json.ctx))).status).toBe(400)
    expect((await post(path, String(second.json.ctx))).json).toEqual({ key: 'v1', hash: hashOf('abcdef') })
    expect((await stat(sim, 'v1')).json).toMatchObject({ mimeType: 'text/csv', fsize: 6 })
    expect((await post(path, String(second.json.ctx))).status).toBe(701)
    const third = await post('/mkblk/1', 'x')
    sim.qiniu.expireUploads()
    expect((await post('/mkfile/1', String(third.json.ctx))).status).toBe(701)
  })
})
