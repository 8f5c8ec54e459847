/** As much as is needed of a `Readable`, a `ReadableStream` and an async generator. */
interface Stream {
  on?: (event: 'error', listener: () => void) => unknown
  off?: (event: 'error', listener: () => void) => unknown
  destroy?: () => unknown
  cancel?: () => unknown
  return?: () => unknown
}

/** Streams that wait together with a call. */
export interface HeldStreams {
  /** Whoever reads them meets their errors from now on. */
  release(): void
  /** Nobody will read them: they are ended, and what they tell while they close is ignored. */
  end(): void
}

/**
 * Holds the streams among the arguments of a call that waits for its code, and among the fields of these. One that breaks meanwhile would
 * end the process, because nobody listens yet: its error is for the call, which meets it at the first read.
 */
export function holdStreams(args: readonly unknown[]): HeldStreams {
  const streams = args.flatMap((arg) => (isStream(arg) ? [arg] : fieldsOf(arg).filter(isStream)))
  for (const stream of streams) stream.on?.('error', ignore)
  return {
    release: () => {
      for (const stream of streams) stream.off?.('error', ignore)
    },
    end: () => {
      for (const stream of streams) end(stream)
    }
  }
}

function ignore(): void {}

export function isStream(value: unknown): value is Stream {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function fieldsOf(arg: unknown): unknown[] {
  try {
    return typeof arg === 'object' && arg !== null && !ArrayBuffer.isView(arg) ? Object.values(arg) : []
  } catch {
    // What throws when it is read is told of by the call itself.
    return []
  }
}

async function end(stream: Stream): Promise<void> {
  const close = stream.destroy ?? stream.cancel ?? stream.return
  try {
    await close?.call(stream)
  } catch {
    // Somebody else reads it, and ends it.
  }
}
