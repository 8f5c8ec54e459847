import { pipeline, Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { UndiciHeaders } from './undici-headers.ts'

/** Statuses for which the constructor of `Response` allows no body. */
const NULL_BODY = new Set([101, 204, 205, 304])

/**
 * The response of `undici.request` behind the interface of `Response`: text, JSON and bytes are read directly;
 * everything else (streams, clones, forms) goes through a standard `Response` created on demand.
 */
export class UndiciResponse implements Response {
  readonly status: number
  readonly url: string
  readonly type = 'basic'
  readonly redirected = false
  readonly #response: Dispatcher.ResponseData
  #headers: Headers | undefined
  #standard: Response | undefined

  constructor(response: Dispatcher.ResponseData, url: string) {
    this.#response = response
    this.status = response.statusCode
    this.url = url
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }

  get statusText(): string {
    return this.#response.statusText ?? ''
  }

  get headers(): Headers {
    this.#headers ??= new UndiciHeaders(this.#response.headers)
    return this.#headers
  }

  get body(): Response['body'] {
    return this.#asStandard().body
  }

  get bodyUsed(): boolean {
    return this.#standard ? this.#standard.bodyUsed : this.#response.body.bodyUsed
  }

  async text(): Promise<string> {
    return this.#isStandard ? this.#asStandard().text() : this.#response.body.text()
  }

  async json(): Promise<unknown> {
    return this.#isStandard ? this.#asStandard().json() : this.#response.body.json()
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#isStandard ? this.#asStandard().arrayBuffer() : this.#response.body.arrayBuffer()
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer())
  }

  blob(): ReturnType<Response['blob']> {
    return this.#asStandard().blob()
  }

  formData(): ReturnType<Response['formData']> {
    return this.#asStandard().formData()
  }

  clone(): Response {
    return this.#asStandard().clone()
  }

  /** Decodes compressed bytes for a standard response. */
  get #isStandard(): boolean {
    return this.#standard !== undefined || this.#response.headers['content-encoding'] !== undefined
  }

  #asStandard(): Response {
    if (!this.#standard) {
      const body = NULL_BODY.has(this.status) ? null : (Readable.toWeb(decoded(this.#response)) as Response['body'])
      this.#standard = new Response(body as NonNullable<RequestInit['body']> | null, {
        status: this.status,
        headers: this.headers
      })
    }
    return this.#standard
  }
}

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress
}

/** Codings in the order in which they were applied; an unknown one is left as it is. */
function decoded({ headers, body }: Dispatcher.ResponseData): Readable {
  const codings = [headers['content-encoding'] ?? []].flat().flatMap((line) => line.split(','))
  let stream: Readable = body
  for (const coding of codings.reverse()) {
    const makeDecoder = DECODERS[coding.trim().toLowerCase()]
    if (!makeDecoder) return stream
    // An error on the way destroys the last stream, so its reader sees it.
    stream = pipeline(stream, makeDecoder(), () => undefined)
  }
  return stream
}
