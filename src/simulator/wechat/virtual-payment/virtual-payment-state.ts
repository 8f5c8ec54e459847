/** Coins of a person in one environment. */
export interface Coins {
  paid: number
  present: number
  save: number
  presented: number
  cost: number
}

/** A cash order of virtual payment. Money in fen, times in milliseconds. */
export interface VirtualOrderRecord {
  readonly orderId: string
  readonly wxOrderId: string
  readonly openid: string
  readonly env: 0 | 1
  readonly mode: 'short_series_goods' | 'short_series_coin'
  readonly productId: string
  readonly quantity: number
  /** Of one piece, as asked. */
  readonly price: number
  readonly fee: number
  readonly attach: string
  readonly apple: boolean
  readonly createdAt: number
  readonly mchOrderNo: string
  readonly transactionId: string
  /** 2 paid, 3 delivering, 4 delivered, 5 refunded. */
  status: 2 | 3 | 4 | 5
  leftFee: number
  providedAt: number
}

/** A refund of a {@link VirtualOrderRecord}. */
export interface VirtualRefundRecord {
  readonly refundId: string
  readonly wxRefundId: string
  readonly orderId: string
  readonly fee: number
  readonly createdAt: number
  status: 'running' | 'done'
}

/** A payment in coins, or a present: what is needed to recognise the same number. */
export interface CoinMove {
  readonly kind: 'pay' | 'cancel' | 'present'
  readonly openid: string
  readonly env: 0 | 1
  readonly amount: number
  readonly usedPresent: number
  cancelled: number
}

export const NO_COINS: Coins = { paid: 0, present: 0, save: 0, presented: 0, cost: 0 }

/** Fen for one coin when a person recharges. */
export const FEN_PER_COIN = 10
