import type { Exchange } from '../framework/exchange.ts'
import { payableOf } from './pay-target.ts'
import { createPayVerbs } from './verbs.ts'
import type { PayWorld } from './world.ts'

export const H5_HOST = 'wx.tenpay.com'

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)

/** The page behind `h5_url` and `mweb_url`: a browser can pay on it. */
export async function h5Page(world: PayWorld, exchange: Exchange): Promise<Response> {
  const token = exchange.query.get('prepay_id') ?? ''
  const back = exchange.query.get('redirect_url')
  try {
    const [order] = payableOf(world, token).orders
    if (!order) throw new Error('no order')
    if (exchange.method === 'POST') {
      await createPayVerbs(world, world.context.users.get({ id: 'h5-payer' })).pay(token)
      const isWeb = back !== null && /^https?:\/\//i.test(back)
      return isWeb ? new Response(null, { status: 303, headers: { location: back } }) : page('支付成功')
    }
    const price = (order.total / 100).toFixed(2)
    return page(
      `<h1>${escapeHtml(order.description)}</h1><p>¥ ${price}</p><form method="post"><button>支付 (simulator)</button></form>`
    )
  } catch (error) {
    return page(`<p>${escapeHtml(error instanceof Error ? error.message : String(error))}</p>`, 400)
  }
}

function page(content: string, status = 200): Response {
  const html = `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>微信支付 (simulator)</title>${content}`
  return new Response(html, { status, headers: { 'content-type': 'text/html; charset=utf-8' } })
}
