interface Hold {
  readonly merchant: string
  /** Fen. */
  readonly amount: number
}

/** Payments whose money a merchant cannot use yet, by transaction number. (发货信息管理: 资金冻结) */
export class HeldMoney {
  readonly #holds = new Map<string, Hold>()

  hold(transactionId: string, merchant: string, amount: number): void {
    this.#holds.set(transactionId, { merchant, amount })
  }

  release(transactionId: string): void {
    this.#holds.delete(transactionId)
  }

  /** Fen that a merchant cannot use yet. */
  of(merchant: string): number {
    let sum = 0
    for (const hold of this.#holds.values()) if (hold.merchant === merchant) sum += hold.amount
    return sum
  }
}
