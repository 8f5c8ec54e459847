import { paidAmount } from '../../../../lib/orders'

export const dynamic = 'force-dynamic'

export async function GET(_request: Request, context: { params: Promise<{ number: string }> }): Promise<Response> {
  const { number } = await context.params
  return Response.json({ paid: await paidAmount(number) })
}
