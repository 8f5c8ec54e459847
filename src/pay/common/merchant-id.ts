/** A merchant number (商户号). */
export const isMerchantId = (value: unknown): value is string => typeof value === 'string' && /^\d{6,32}$/.test(value)
