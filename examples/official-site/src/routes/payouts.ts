import { createHash } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { type Request, Router } from 'express'
import { z } from 'zod'
import { words } from '../../../shared/words.ts'
import type { Context } from '../app.ts'
import { requireAdmin } from '../auth.ts'
import { sendData } from '../envelope.ts'
import { AppError, failAs } from '../error-codes.ts'
import { REQUEST_ID, readJson } from '../input.ts'
import { viewMchPay, viewOrder, viewRedPack } from '../models/views.ts'
import { readPage } from '../pagination.ts'
import { payMchPay, sendRedPack } from '../payments.ts'

const OPENID = z.string().regex(/^[\w-]{1,32}$/)
const MCH_PAY = z.object({
  request_id: REQUEST_ID,
  openid: OPENID,
  amount: z.int().min(30).max(2_000_000),
  desc: words(100)
})
const RED_PACK = z.object({
  request_id: REQUEST_ID,
  re_openid: OPENID,
  total_amount: z.int().min(100).max(20_000),
  send_name: words(32),
  wishing: words(128),
  act_name: words(32),
  remark: words(256)
})
const EXPORT_ROWS = 10_000

/** Money out, by administrators; and the order book as a file in the bucket. */
export function payoutRoutes(context: Context): Router {
  const { mchPays, redPacks, orders, qiniu } = context
  const router = Router()

  router.post('/api/wx/mch_pays/', async (request, response) => {
    await requireAdmin(context, request)
    const { request_id, ...values } = readJson(request, MCH_PAY)
    const row = await mchPays.findOrCreate({ ...values, partner_trade_no: numberOf('M', request_id, 32) })
    // The same number for another payment would hide one of the two.
    if (row.openid !== values.openid || row.amount !== values.amount) throw new AppError(1402)
    sendData(request, response, { wx_mch_pay: viewMchPay(await payMchPay(context, row)) })
  })

  router.get('/api/wx/mch_pays/', async (request, response) => {
    await requireAdmin(context, request)
    const page = readPage(request)
    const { rows, total } = await mchPays.list(page)
    sendData(request, response, { wx_mch_pays: rows.map(viewMchPay), total, page: page.page, per_page: page.per_page })
  })

  router.post('/api/wx/red_packs/', async (request, response) => {
    await requireAdmin(context, request)
    const { request_id, ...values } = readJson(request, RED_PACK)
    const row = await redPacks.findOrCreate({ ...values, mch_billno: numberOf('B', request_id, 28) })
    if (row.re_openid !== values.re_openid || row.total_amount !== values.total_amount) throw new AppError(1402)
    const sent = await sendRedPack(context, row, ownAddress(request))
    sendData(request, response, { wx_red_pack: viewRedPack(sent) })
  })

  router.get('/api/wx/red_packs/', async (request, response) => {
    await requireAdmin(context, request)
    const page = readPage(request)
    const { rows, total } = await redPacks.list(page)
    sendData(request, response, {
      wx_red_packs: rows.map(viewRedPack),
      total,
      page: page.page,
      per_page: page.per_page
    })
  })

  router.post('/api/qn/order_exports/', async (request, response) => {
    await requireAdmin(context, request)
    const { rows } = await orders.list(undefined, { page: 1, per_page: EXPORT_ROWS, limit: EXPORT_ROWS, offset: 0 })
    const lines = rows
      .map(viewOrder)
      .map((row) => [row.out_trade_no, row.status, row.total_fee, row.refunded_fee, row.transaction_id ?? ''].join(','))
    const csv = ['out_trade_no,status,total_fee,refunded_fee,transaction_id', ...lines].join('\n')
    const key = `exports/${createHash('sha256').update(csv).digest('hex')}.csv`
    await failAs(1852, () => qiniu.upload(Buffer.from(csv), { key, mimeType: 'text/csv' }))
    sendData(request, response, { url: qiniu.privateUrl(key, { expiresInSeconds: 3600 }).href, count: rows.length })
  })
  return router
}

/** WeChat Pay wants an IPv4 address of the machine that calls it. */
function ownAddress(request: Request): string {
  const address = (request.socket.localAddress ?? '').replace(/^::ffff:/, '')
  return isIPv4(address) ? address : '127.0.0.1'
}

/** A number of letters and digits as WeChat Pay wants it, the same for the same request. */
function numberOf(prefix: string, requestId: string, length: number): string {
  return (
    prefix +
    createHash('sha256')
      .update(requestId)
      .digest('hex')
      .slice(0, length - 1)
  )
}
