/** The groups of calls that are loaded after the client. */
export const REFUNDS = { create: 'answers', query: 'answers', applyAbnormal: 'answers' } as const
export const BILLS = {
  trade: 'answers',
  fundFlow: 'answers',
  profitSharing: 'answers',
  subMerchantFundFlow: 'answers'
} as const
export const TRANSFER_BATCHES = {
  create: 'answers',
  query: 'answers',
  queryDetail: 'answers',
  createReceipt: 'answers',
  queryReceipt: 'answers',
  downloadReceipt: 'answers'
} as const
export const PROFIT_SHARING = {
  create: 'answers',
  query: 'answers',
  unfreeze: 'answers',
  remainingAmount: 'answers',
  createReturn: 'answers',
  queryReturn: 'answers',
  addReceiver: 'answers',
  deleteReceiver: 'answers'
} as const
export const COUPONS = {
  createStock: 'answers',
  startStock: 'answers',
  pauseStock: 'answers',
  restartStock: 'answers',
  send: 'answers',
  listStocks: 'answers',
  getStock: 'answers',
  getCoupon: 'answers',
  listCoupons: 'answers',
  setCallback: 'answers'
} as const
export const MEDIA = {
  uploadImage: 'answers',
  uploadVideo: 'answers',
  uploadMarketingImage: 'answers',
  uploadComplaintImage: 'answers'
} as const
export const COMPLAINTS = {
  list: 'answers',
  get: 'answers',
  history: 'answers',
  respond: 'answers',
  complete: 'answers',
  updateRefundProgress: 'answers',
  createNotification: 'answers',
  getNotification: 'answers',
  updateNotification: 'answers',
  deleteNotification: 'answers'
} as const
