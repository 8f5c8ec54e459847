import { createHash, createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { setUp } from '../unit/simulator/wechat-client.ts'

// What other people's applications sent to the real services, and what came back, as they reported it.

it('a code is refused by the length of its scene, an empty one too', async () => {
  const { mini } = setUp()
  const text = 'invalid length for scene, or the data is not json string'
  for (const body of [{ scene: '' }, { scene: 'xid=1234567890&cid=86000000000000001' }, 'scene=1']) {
    const refused = await mini.post('/wxa/getwxacodeunlimit', body)
    expect(refused).toMatchObject({ errcode: 40169, errmsg: expect.stringContaining(text) })
  }
})

it('who did not subscribe is reported before what is wrong with the data', async () => {
  const { simulator, mini } = setUp()
  const ming = simulator.user('ming')
  const { priTmplId } = await mini.post('/wxaapi/newtmpl/addtemplate', { tid: 271, kidList: [1, 2] })
  const template = String(priTmplId)
  const data = { thing1: { value: '沙龙' }, date2: { value: '2020-01-18 16:18:49.0' } }
  const message = { touser: ming.openid('miniProgram'), template_id: template, data }
  expect(await mini.post('/cgi-bin/message/subscribe/send', message)).toMatchObject({ errcode: 43101 })
  ming.subscribe([template])
  expect(await mini.post('/cgi-bin/message/subscribe/send', message)).toMatchObject({ errcode: 47003 })
})

it('the login state is checked at /wxa/checksession, by the signature of an empty text', async () => {
  const { simulator, mini } = setUp()
  const ming = simulator.user('ming')
  const openid = ming.openid('miniProgram')
  const login = { appid: mini.appId, secret: mini.appSecret, js_code: ming.login(), grant_type: 'authorization_code' }
  const { session_key } = await mini.get('/sns/jscode2session', login)
  const proof = (text: string) => ({
    openid,
    signature: createHmac('sha256', String(session_key)).update(text).digest('hex'),
    sig_method: 'hmac_sha256'
  })
  expect(await mini.get('/wxa/checksessionkey', proof(''))).toMatchObject({ errcode: 40066 })
  expect(simulator.log.entries.at(-1)?.note).toContain('did you mean /wxa/checksession?')
  expect(await mini.get('/wxa/checksession', proof(openid))).toMatchObject({ errcode: 87009 })
  expect(await mini.get('/wxa/checksession', proof(''))).toMatchObject({ errcode: 0 })
})

it('a JS-SDK signature counts the query and not the hash, and not with &amp; in it', async () => {
  const { simulator, mp } = setUp()
  const { ticket } = await mp.get('/cgi-bin/ticket/getticket', { type: 'jsapi' })
  const page = 'https://shop.example.com/?status=1&from=singlemessage'
  const check = (signed: string, opened: string) => {
    const text = `jsapi_ticket=${ticket}&noncestr=n&timestamp=1&url=${signed}`
    const signature = createHash('sha1').update(text).digest('hex')
    return simulator.wechat.checkJssdkConfig({ appId: mp.appId, nonceStr: 'n', timestamp: 1, signature }, opened)
  }
  expect(check(page, `${page}#/cart`)).toBe('config:ok')
  expect(check(page.replace('&', '&amp;'), page)).toBe('config:invalid signature')
  expect(check('https://shop.example.com/', page)).toBe('config:invalid signature')
})

it('a batch of transfers is queried by status only together with its details', async () => {
  const { simulator } = setUp()
  const pay = new WeChatPay({
    ...simulator.credentials.payV3,
    ...simulator.clientOptions,
    notifyUrl: 'https://shop.example.com/n'
  })
  const openid = simulator.user('ming').openid()
  const { out_batch_no } = await pay.transferBatches.create({
    out_batch_no: 'B12345',
    batch_name: '佣金',
    batch_remark: '三月',
    total_amount: 100,
    total_num: 1,
    transfer_detail_list: [{ out_detail_no: 'D1', transfer_amount: 100, transfer_remark: '佣金', openid }]
  })
  const query = (need_query_detail: boolean, detail_status: string, no = out_batch_no) =>
    pay.request({
      method: 'GET',
      path: `/v3/transfer/batches/out-batch-no/${no}`,
      query: { need_query_detail: String(need_query_detail), detail_status }
    })
  const wrong = { upstreamCode: 'PARAM_ERROR', upstreamMessage: '传入的转账明细状态无效' }
  for (const status of ['WAIT_PAY', 'ALL', 'SUCCESS', 'FAIL']) {
    await expect(query(false, status)).rejects.toMatchObject(wrong)
    expect(await query(true, status)).toMatchObject({ offset: 0, limit: 20 })
  }
  await expect(query(true, '-a-l-l')).rejects.toMatchObject(wrong)
  await expect(query(true, 'ALL', '-c-t620000000')).rejects.toMatchObject({
    upstreamMessage: expect.stringContaining('字符串规则校验失败，字符串只能是数字和字母'),
    body: { detail: { location: 'uri_template', value: '-c-t620000000' } }
  })
})

it.each([
  ['names with doubled underscores', '<xml><body>主题</body><out__trade__no>t1</out__trade__no></xml>'],
  ['another root', '<params><mch_id>1900000109</mch_id></params>']
])('an XML with %s is refused for its merchant number', async (_, body) => {
  const { simulator } = setUp()
  const response = await simulator.fetch('https://api.mch.weixin.qq.com/pay/unifiedorder', { method: 'POST', body })
  expect(await response.text()).toContain('<return_msg><![CDATA[mch_id参数格式错误]]></return_msg>')
})
