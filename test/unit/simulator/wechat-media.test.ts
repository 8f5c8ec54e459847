import { describe, expect, it } from 'vitest'
import { setUp } from './wechat-client.ts'

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100)])
const JPG = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(100)])
const MP4 = Buffer.concat([Buffer.alloc(4), Buffer.from('ftypisom'), Buffer.alloc(100)])

describe('temporary media', () => {
  it('are checked by type, content and size, and live for three days', async () => {
    const { simulator, mp, mini } = setUp()
    const upload = (type: string, bytes: Buffer, name = 'a.png') =>
      mp.upload('/cgi-bin/media/upload', { type }, bytes, name)
    const { media_id, created_at } = await upload('image', PNG, 'my "picture".png')
    expect(created_at).toBe(Math.floor(simulator.clock.now() / 1000))
    const download = async (id: unknown) => {
      const { access_token } = await mp.stableToken()
      return mp.fetch('/cgi-bin/media/get', { access_token: String(access_token), media_id: String(id) })
    }
    const file = await download(media_id)
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PNG)
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="my picture.png"')
    expect((await upload('picture', PNG)).errcode).toBe(40004)
    expect((await upload('image', MP4)).errcode).toBe(40005)
    expect((await upload('thumb', PNG)).errcode).toBe(40005)
    expect((await upload('thumb', Buffer.concat([JPG, Buffer.alloc(65_536)]))).errcode).toBe(40012)
    expect((await upload('image', Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)]))).errcode).toBe(40009)
    expect((await upload('image', Buffer.alloc(0))).errcode).toBe(44001)
    expect(await upload('thumb', JPG)).toHaveProperty('thumb_media_id')
    expect((await mini.upload('/cgi-bin/media/upload', { type: 'video' }, MP4, 'a.mp4')).errcode).toBe(40004)
    const video = await upload('video', MP4, 'a.mp4')
    const { video_url } = (await (await download(video.media_id)).json()) as { video_url: string }
    expect(Buffer.from(await (await simulator.fetch(video_url)).arrayBuffer())).toEqual(MP4)
    await simulator.clock.advance(3 * 86_400_000)
    expect(await (await download(media_id)).json()).toMatchObject({ errcode: 40007 })
  })

  it('have a speex rendition when they come from the JS-SDK', async () => {
    const { simulator, mp } = setUp()
    const { access_token } = await mp.stableToken()
    const get = async (path: string, media_id: string) =>
      mp.fetch(path, { access_token: String(access_token), media_id })
    const voice = simulator.user().recordVoice()
    expect((await get('/cgi-bin/media/get/jssdk', voice)).headers.get('content-type')).toBe('audio/speex')
    expect((await get('/cgi-bin/media/get', voice)).headers.get('content-type')).toBe('audio/amr')
  })

  it('stay inside their limit in bytes', async () => {
    const { mp } = setUp({ limits: { objectBytes: 1_200_000 } })
    const big = Buffer.concat([PNG, Buffer.alloc(120_000)])
    const ids: unknown[] = []
    for (let i = 0; i < 4; i++)
      ids.push((await mp.upload('/cgi-bin/media/upload', { type: 'image' }, big, 'a.png')).media_id)
    const { access_token } = await mp.stableToken()
    const kept = await Promise.all(
      ids.map(async (id) =>
        (
          await mp.fetch('/cgi-bin/media/get', { access_token: String(access_token), media_id: String(id) })
        ).headers.get('content-type')
      )
    )
    expect(kept.filter((type) => type === 'image/png')).toHaveLength(2)
    expect(kept.at(-1)).toBe('image/png')
  })
})

describe('permanent material', () => {
  it('is added, counted, listed and deleted', async () => {
    const { simulator, mp } = setUp()
    const added = await mp.upload('/cgi-bin/material/add_material', { type: 'image' }, PNG, 'a.png')
    expect((await simulator.fetch(String(added.url))).headers.get('content-type')).toBe('image/png')
    expect((await mp.upload('/cgi-bin/material/add_material', { type: 'video' }, MP4, 'a.mp4')).errcode).toBe(41011)
    const description = JSON.stringify({ title: '片名', introduction: '简介' })
    const video = await mp.upload('/cgi-bin/material/add_material', { type: 'video' }, MP4, 'a.mp4', { description })
    expect(await mp.post('/cgi-bin/material/get_material', { media_id: video.media_id })).toMatchObject({
      title: '片名',
      description: '简介'
    })
    expect(await mp.get('/cgi-bin/material/get_materialcount')).toMatchObject({ image_count: 1, video_count: 1 })
    expect(await mp.post('/cgi-bin/material/batchget_material', { type: 'image', offset: 0, count: 20 })).toMatchObject(
      { total_count: 1, item: [{ name: 'a.png', url: added.url }] }
    )
    const file = await mp.raw('/cgi-bin/material/get_material', { media_id: added.media_id })
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PNG)
    await simulator.clock.advance(30 * 86_400_000)
    expect((await mp.post('/cgi-bin/material/del_material', { media_id: added.media_id })).errcode).toBe(0)
    expect((await mp.post('/cgi-bin/material/del_material', { media_id: added.media_id })).errcode).toBe(40007)
  })

  it('uploads pictures of articles below one megabyte', async () => {
    const { simulator, mp } = setUp()
    const { url } = await mp.upload('/cgi-bin/media/uploadimg', {}, JPG, 'a.jpg')
    expect(String(url)).toMatch(/^https:\/\/mmbiz\.qpic\.cn\/mmbiz_jpg\//)
    expect(Buffer.from(await (await simulator.fetch(String(url))).arrayBuffer())).toEqual(JPG)
    expect(
      (await mp.upload('/cgi-bin/media/uploadimg', {}, Buffer.concat([JPG, Buffer.alloc(1024 * 1024)]), 'a.jpg'))
        .errcode
    ).toBe(40009)
  })
})

describe('codes', () => {
  it('of official accounts have scenes and pictures', async () => {
    const { simulator, mp } = setUp()
    const create = (body: Record<string, unknown>) => mp.post('/cgi-bin/qrcode/create', body)
    const scene = (value: Record<string, unknown>) => ({ action_info: { scene: value } })
    const code = await create({
      action_name: 'QR_STR_SCENE',
      expire_seconds: 9_999_999,
      ...scene({ scene_str: 'table-7' })
    })
    expect(code.expire_seconds).toBe(2_592_000)
    const picture = (ticket: unknown) =>
      simulator.fetch(`https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=${encodeURIComponent(String(ticket))}`)
    const shown = await picture(code.ticket)
    expect(
      Buffer.from(await shown.arrayBuffer())
        .subarray(0, 3)
        .toString('hex')
    ).toBe('ffd8ff')
    expect((await picture('x')).status).toBe(404)
    expect((await create({ action_name: 'QR_LIMIT_SCENE', ...scene({ scene_id: 100_001 }) })).errcode).toBe(40053)
    expect((await create({ action_name: 'QR_LIMIT_STR_SCENE', ...scene({ scene_str: 'x'.repeat(65) }) })).errcode).toBe(
      40053
    )
    expect(await create({ action_name: 'QR_LIMIT_SCENE', ...scene({ scene_id: 1 }) })).not.toHaveProperty(
      'expire_seconds'
    )
    expect((await create({ action_name: 'QR_SCENE', ...scene({ scene_id: 0 }) })).errcode).toBe(40053)
    await simulator.clock.advance(2_592_000_000)
    expect((await picture(code.ticket)).status).toBe(404)
  })

  it('of mini programs are pictures, or JSON when something is wrong', async () => {
    const { simulator, mini } = setUp()
    const unlimited = (body: unknown) => mini.raw('/wxa/getwxacodeunlimit', body)
    const code = async (body: unknown) => ((await (await unlimited(body)).json()) as { errcode: number }).errcode
    const jpeg = await unlimited({ scene: 'id=1', width: 280 })
    expect(jpeg.headers.get('content-type')).toBe('image/jpeg')
    const png = await unlimited({ scene: 'id=1', is_hyaline: true, line_color: { r: 0, g: 128, b: 0 } })
    expect(
      Buffer.from(await png.arrayBuffer())
        .subarray(1, 4)
        .toString()
    ).toBe('PNG')
    expect(await code({})).toBe(40129)
    expect(await code({ scene: '' })).toBe(40169)
    expect(await code({ scene: '中文' })).toBe(40129)
    expect(await code({ scene: 'x'.repeat(33) })).toBe(40169)
    expect(await code('scene=1')).toBe(40169)
    expect(await code({ scene: 'a', page: '/pages/index' })).toBe(41030)
    simulator.wechat.setPages(['pages/index'])
    expect(await code({ scene: 'a', page: 'pages/gone' })).toBe(41030)
    expect((await unlimited({ scene: 'a', page: 'pages/gone', check_path: false })).headers.get('content-type')).toBe(
      'image/jpeg'
    )
    expect((await mini.raw('/wxa/getwxacode', { path: 'pages/index?a=1' })).headers.get('content-type')).toBe(
      'image/jpeg'
    )
    expect((await mini.post('/wxa/getwxacode', { path: 'x'.repeat(1025) })).errcode).toBe(40159)
    expect((await mini.post('/cgi-bin/wxaapp/createwxaqrcode', { path: 'p?scancode_time=1' })).errcode).toBe(85096)
  })

  it('schemes and links can be looked up', async () => {
    const { mini } = setUp()
    const { openlink } = await mini.post('/wxa/generatescheme', {
      jump_wxa: { path: '/p', query: 'a=1' },
      is_expire: true,
      expire_type: 1,
      expire_interval: 1
    })
    expect((await mini.post('/wxa/queryscheme', { scheme: openlink })).scheme_info).toMatchObject({
      appid: mini.appId,
      path: '/p',
      query: 'a=1'
    })
    const { url_link } = await mini.post('/wxa/generate_urllink', { path: '/p' })
    expect((await mini.post('/wxa/query_urllink', { url_link })).url_link_info).toMatchObject({ path: '/p' })
    expect((await mini.post('/wxa/genwxashortlink', { page_url: 'pages/a?x=1', page_title: '商品' })).link).toMatch(
      /^#小程序:\/\/商品\//
    )
    expect(
      (await mini.post('/wxa/generate_urllink', { is_expire: true, expire_type: 1, expire_interval: 31 })).errcode
    ).toBe(40097)
  })
})

describe('content checks', () => {
  it('judge text for people who use the mini program', async () => {
    const { simulator, mini } = setUp()
    const user = simulator.user()
    const openid = user.openid('miniProgram')
    const check = (content: unknown, more: Record<string, unknown> = {}) =>
      mini.post('/wxa/msg_sec_check', { content, version: 2, scene: 2, openid, ...more })
    expect((await check('你好')).errcode).toBe(61010)
    user.openMiniProgram()
    expect((await check('你好')).result).toEqual({ suggest: 'pass', label: 100 })
    expect((await check('特3456书yuuo莞6543李zxcz蒜7782法fgnv级')).result).toEqual({ suggest: 'risky', label: 20001 })
    expect((await check('x', { title: 'simulator-review' })).result).toMatchObject({ suggest: 'review' })
    expect((await check('x', { scene: 9 })).errcode).toBe(40129)
    expect((await check('x', { openid: simulator.user().openid() })).errcode).toBe(40003)
    expect((await check('x'.repeat(2501))).errcode).toBe(45002)
    expect((await mini.post('/wxa/msg_sec_check', { content: 'simulator-risky' })).errcode).toBe(87014)
    expect((await mini.get('/wxa/msg_sec_check')).errcode).toBe(43302)
    expect((await mini.upload('/wxa/img_sec_check', {}, PNG, 'simulator-risky.png')).errcode).toBe(87014)
    const rank = { appid: mini.appId, openid, scene: 0, client_ip: '1.2.3.4' }
    simulator.wechat.setRiskRank(openid, 3)
    expect(await mini.post('/wxa/getuserriskrank', rank)).toMatchObject({ risk_rank: 3, unoin_id: expect.any(Number) })
  })

  it('tell the union id after a payment', async () => {
    const { simulator, mini } = setUp()
    const openid = simulator.user('u').openid('miniProgram')
    const ask = (query: Record<string, string>) => mini.get('/wxa/getpaidunionid', { openid, ...query })
    expect((await ask({ transaction_id: 't' })).errcode).toBe(89300)
    simulator.context.payments.call({
      appId: mini.appId,
      openid,
      mchId: '1',
      outTradeNo: 'n',
      transactionId: 't',
      description: 'd',
      amount: 1
    })
    expect((await ask({ transaction_id: 't' })).unionid).toBe(simulator.user('u').unionid())
    expect((await ask({ mch_id: '1', out_trade_no: 'n' })).unionid).toBe(simulator.user('u').unionid())
    await simulator.clock.advance(301_000)
    expect((await ask({ transaction_id: 't' })).errcode).toBe(89300)
  })
})

describe('drafts, customer-service accounts and short keys', () => {
  it('are kept and checked', async () => {
    const { simulator, mp } = setUp()
    const { media_id: thumb_media_id } = await mp.upload(
      '/cgi-bin/material/add_material',
      { type: 'image' },
      PNG,
      'a.png'
    )
    const article = { title: '标题', content: '<p>x</p>', thumb_media_id }
    expect((await mp.post('/cgi-bin/draft/add', { articles: [{ ...article, thumb_media_id: 'x' }] })).errcode).toBe(
      40007
    )
    const { media_id } = await mp.post('/cgi-bin/draft/add', { articles: [article] })
    expect(await mp.get('/cgi-bin/draft/count')).toEqual({ total_count: 1 })
    const { publish_id } = await mp.post('/cgi-bin/freepublish/submit', { media_id })
    expect((await mp.post('/cgi-bin/freepublish/get', { publish_id })).publish_status).toBe(1)
    await simulator.clock.advance(2_000)
    expect((await mp.post('/cgi-bin/freepublish/get', { publish_id })).publish_status).toBe(0)

    const add = async (kf_account: string) =>
      (await mp.post('/customservice/kfaccount/add', { kf_account, nickname: '小客服' })).errcode
    expect([await add('a@mp'), await add('a@mp'), await add('a b@mp'), await add('abcdefghijk@mp')]).toEqual([
      0, 61453, 61455, 61454
    ])
    expect((await mp.get('/cgi-bin/customservice/getkflist')).kf_list).toMatchObject([
      { kf_account: 'a@mp', kf_nick: '小客服' }
    ])
    expect((await mp.get('/customservice/kfaccount/del', { kf_account: 'a@mp' })).errcode).toBe(0)

    const { short_key } = await mp.post('/cgi-bin/shorten/gen', { long_data: '长文本', expire_seconds: 60 })
    expect(await mp.post('/cgi-bin/shorten/fetch', { short_key })).toMatchObject({
      long_data: '长文本',
      expire_seconds: 60
    })
    await simulator.clock.advance(60_000)
    expect((await mp.post('/cgi-bin/shorten/fetch', { short_key })).errcode).toBe(40097)
  })
})
