import { connectionFailure } from '../../core/connection-failure.ts'
import { BodyError, ConfigError, WeixinKitError } from '../../errors/index.ts'
import { type BillReadOptions, type BillRow, type BillSummary, parseBill } from './parse-bill.ts'

/** @internal */
export interface BillSource {
  operation: string
  /** Bytes as they arrive; gzip is recognised by its first bytes. */
  body: AsyncIterable<Uint8Array>
  signal?: AbortSignal | undefined
}

/**
 * A downloaded bill (对账单). Its bytes are read from the network once, while you read it: use only one of {@link rows},
 * {@link readAll} and {@link stream}.
 */
export class Bill {
  readonly #source: BillSource
  #isTaken = false

  /** @internal */
  constructor(source: BillSource) {
    this.#source = source
  }

  /**
   * Iterates over the rows, so that a bill of any size fits in memory. The generator returns the totals.
   *
   * @param options `onOddRow`: called with rows that cannot be parsed, instead of an error
   * @throws {BodyError} ERR_BODY_MALFORMED when the bill is damaged or cut short.
   * @throws {ConnectionError} ERR_CONNECTION when the connection breaks.
   * @example
   * for await (const row of bill.rows()) console.log(row['商户订单号'], row['订单金额'])
   */
  rows(options?: BillReadOptions): AsyncGenerator<BillRow, BillSummary, undefined> {
    return parseBill(this.#take(), options)
  }

  /**
   * Reads all rows and the totals.
   *
   * @param options as for {@link rows}
   * @throws {BodyError} ERR_BODY_MALFORMED
   * @throws {ConnectionError} ERR_CONNECTION
   * @example
   * const { rows, summary } = await bill.readAll()
   */
  async readAll(options?: BillReadOptions): Promise<{ rows: BillRow[]; summary: BillSummary }> {
    const rows: BillRow[] = []
    const lines = this.rows(options)
    for (let line = await lines.next(); ; line = await lines.next()) {
      if (line.done) return { rows, summary: line.value }
      rows.push(line.value)
    }
  }

  /**
   * Returns the decompressed file as written by WeChat Pay: CSV in UTF-8, e.g. for an archive.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM when the bill was read before
   * @example
   * await pipeline(Readable.fromWeb(bill.stream()), createWriteStream('bill.csv'))
   */
  stream(): ReadableStream<Uint8Array> {
    return ReadableStream.from(this.#take())
  }

  #take(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#isTaken) {
      throw new ConfigError('This bill has already been read; its bytes are streamed from the network and not kept.', {
        code: 'ERR_INVALID_PARAM',
        product: 'pay'
      })
    }
    this.#isTaken = true
    return readDecompressed(this.#source)
  }
}

async function* readDecompressed(source: BillSource): AsyncGenerator<Uint8Array, void, undefined> {
  const state = { isFromNetwork: false }
  try {
    const { head, body } = await peek(watch(source.body, state))
    if (head[0] !== 0x1f || head[1] !== 0x8b) yield* body
    else yield* ReadableStream.from(body).pipeThrough(new DecompressionStream('gzip') as Decompressor)
  } catch (error) {
    if (source.signal?.aborted) throw source.signal.reason
    if (error instanceof WeixinKitError) throw error
    if (state.isFromNetwork) throw connectionFailure(error, source.operation, 'pay')
    throw new BodyError('malformed', 'The compressed bill is damaged or truncated. Download it again.', {
      cause: error,
      product: 'pay'
    })
  }
}

type Decompressor = {
  readable: ReadableStream<Uint8Array>
  writable: import('node:stream/web').WritableStream<Uint8Array>
}

/** Records whether a failure is a network error: after decompression it looks like damaged bytes. */
async function* watch(body: AsyncIterable<Uint8Array>, state: { isFromNetwork: boolean }): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    state.isFromNetwork = true
    throw error
  }
}

const HEAD_BYTES = 32

/** The first bytes of a stream, however it is chunked, and the whole stream. */
export async function peek(
  source: AsyncIterable<Uint8Array>
): Promise<{ head: Uint8Array; body: AsyncGenerator<Uint8Array, void, undefined> }> {
  const iterator = source[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (head.byteLength < HEAD_BYTES) {
    const { done, value } = await iterator.next()
    if (done) break
    head = head.byteLength === 0 ? value : Buffer.concat([head, value])
  }
  return { head, body: resume(head, iterator) }
}

async function* resume(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (head.byteLength > 0) yield head
    for (let item = await rest.next(); !item.done; item = await rest.next()) yield item.value
  } finally {
    await rest.return?.()
  }
}
