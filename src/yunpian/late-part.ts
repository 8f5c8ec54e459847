import { lazyPart } from '../internal/lazy-part.ts'

export type LateModule = typeof import('./calls.ts')

/**
 * One for all clients: whatever only calls and pushes need. A module that is loaded with the client may import no more than types
 * from there, and the other way round: what both sides load is published as a file of its own, which costs each import a read.
 */
export const latePart = lazyPart((): Promise<LateModule> => import('./calls.ts'))
