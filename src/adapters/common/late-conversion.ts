import { lazyPart } from '../../internal/lazy-part.ts'

/**
 * What converts requests and answers, loaded after the first converter was made. A plain object and not the module's own, whose
 * fields take longer to read: it is asked at every request.
 */
export const conversion = lazyPart(async () => ({ ...(await import('../conversion.ts')) }))
