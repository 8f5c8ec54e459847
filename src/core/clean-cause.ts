import { lazyPart } from '../internal/lazy-part.ts'

const part = lazyPart(() => import('../internal/scrub-error.ts'))

/** Starts loading what takes secrets out of the errors of stores. */
export function prepareToCleanCauses(): void {
  part.preload()
}

/** What a driver threw, without the value that was to be kept: drivers quote the command. */
export async function cleanCause(thrown: unknown, value: string | undefined): Promise<unknown> {
  if (!value) return thrown
  try {
    return (await part.load()).scrubError(thrown, [value])
  } catch {
    // A file of the library is missing: better no cause than one that may quote a token.
    return undefined
  }
}
