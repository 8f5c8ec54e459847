/** The groups of calls that are loaded after the client. */
export const REFUNDS = { create: 'answers', query: 'answers' } as const
export const BILLS = { trade: 'answers', fundFlow: 'answers' } as const
export const TRANSFERS = { create: 'answers', query: 'answers' } as const
export const RED_PACKS = {
  send: 'answers',
  sendGroup: 'answers',
  sendMiniProgram: 'answers',
  query: 'answers'
} as const
export const BANK_TRANSFERS = { create: 'answers', query: 'answers', publicKey: 'answers' } as const
