import { pay } from '../../../lib/pay'

export async function POST(request: Request): Promise<Response> {
  const { number, openid } = (await request.json()) as { number: string; openid: string }
  const { prepay_id } = await pay().transactions.jsapi({
    description: 'Tea',
    out_trade_no: number,
    amount: { total: 100 }, // fen
    payer: { openid }
  })
  return Response.json({ prepay_id, params: pay().jsapiParams(prepay_id) })
}
