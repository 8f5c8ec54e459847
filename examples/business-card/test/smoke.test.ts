import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CardHarness, Q, startCards, X } from './harness.ts'

let h: CardHarness
beforeAll(async () => {
  h = await startCards()
}, 60000)
afterAll(() => h?.close())
it('works', async () => {
  const c = await h.customer()
  const s = await h.staff('zhangju')
  const out: unknown[] = []
  const show = (r: { status: number; text: string }) => out.push([r.status, r.text.slice(0, 900)])
  show(await c.get(`${X}/mingpian`, { uid: 1 }))
  show(await c.get(`${X}/mingpian/all`))
  show(await c.get(`${X}/mingpian/praise`, { uid: 1 }))
  show(await c.get(`${X}/mingpian/up_sign`, { uid: 1 }))
  show(await c.get(`${X}/mingpian/calling`, { uid: 1 }))
  show(await c.get(`${X}/mingpian/create_poster`, { uid: 1 }))
  const poster = await c.get(`${X}/mingpian/save_poster`, { uid: 1 })
  show(poster)
  const png = await fetch(`${h.url}/${(poster.body.data as { poster_url: string }).poster_url}`)
  const { writeFileSync } = await import('node:fs')
  out.push([png.status, png.headers.get('content-type')])
  writeFileSync('/tmp/poster.png', Buffer.from(await png.arrayBuffer()))
  show(await c.get(`${X}/product/product_list/`, { uid: 1 }))
  show(await c.get(`${X}/product/product_single/`, { uid: 1, product_id: 1 }))
  show(await c.get(`${X}/product/consult_product/`, { uid: 1, product_id: 1 }))
  show(await c.get(`${X}/website`, { uid: 1 }))
  show(
    await c.post(`${Q}/chat/send_msg/0`, {
      customer_id: c.id,
      user_id: 1,
      send_type: 2,
      content: { info_type: 1, msg: 'hi' }
    })
  )
  show(
    await s.post(`${Q}/chat/send_msg/0`, {
      customer_id: c.id,
      user_id: 1,
      send_type: 1,
      content: JSON.stringify({ info_type: 1, msg: '你好' })
    })
  )
  const p = c.user.encryptedPhone()
  show(await c.post(`${X}/chat/encrypted_phone_number/0`, { u_id: 1, encryptedData: p.encryptedData, iv: p.iv }))
  show(await c.get(`${X}/chat/query_num/0`, { u_id: 1 }))
  show(await s.get(`${Q}/chat/getmsg/0`, { customer_id: c.id }))
  show(await c.get(`${Q}/chat`, { u_id: 1 }))
  show(await s.get(`${Q}/customers`))
  show(await s.get(`${Q}/events`))
  show(await s.get(`${X}/goodsClassShow`))
  show(await s.post(`${X}/goodsClassOper/add/0`, { classificationName: 'x', goodsNum: 1 }))
  show(await s.post(`${X}/jiChuSheZhiOper/addOrUpdate`, { shangChengName: 'x' }))
  const pay = await c.post(`${X}/yuZhiFu`, { u_id: c.id, goodsId: 3, xiaochengxu_id: 1 })
  show(pay)
  await c.user.pay(pay.body.data as object)
  show(await c.get(`${X}/order_status`))
  show(await h.call('DELETE', `${X}/mingpian`))
  show(await h.call('GET', `${X}/mingpian?uid=1`))
  show(await h.call('GET', `/nope`))
  show(await h.call('GET', `/`))
  show(await h.call('GET', `/testing`))
  console.log(out.map((o) => JSON.stringify(o)).join('\n'))
  console.log(h.logged())
  expect(1).toBe(1)
})
