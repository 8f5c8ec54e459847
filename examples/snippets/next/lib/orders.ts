/** Stands for your database: what was paid, in fen. Routes are bundled apart, so a `Map` of this module would be one for each. */
export async function markAsPaid(number: string, fen: number): Promise<void> {
  paid().set(number, fen)
}

export async function paidAmount(number: string): Promise<number | undefined> {
  return paid().get(number)
}

function paid(): Map<string, number> {
  const shared = globalThis as { paidOrders?: Map<string, number> }
  shared.paidOrders ??= new Map()
  return shared.paidOrders
}
