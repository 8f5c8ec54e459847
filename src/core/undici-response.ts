import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { UndiciHeaders } from './undici-headers.ts'

/** Statuses that the constructor of `Response` gives no body. */
const NULL_BODY = new Set([101, 204, 205, 304])

/**
 * The answer of `undici.request` with the face of a `Response`: text, json and bytes are read directly; whatever else is
 * asked for (streams, clones, forms) is done by a standard `Response` made on demand.
 */
export class UndiciResponse implements Response {
  readonly status: number
  readonly url: string
  readonly type = 'basic'
  readonly redirected = false
  readonly #answer: Dispatcher.ResponseData
  // Handed in, because loading node:stream is not for those who never use this transport.
  readonly #Readable: typeof Readable
  #headers: Headers | undefined
  #standard: Response | undefined

  constructor(answer: Dispatcher.ResponseData, url: string, readable: typeof Readable) {
    this.#Readable = readable
    this.#answer = answer
    this.status = answer.statusCode
    this.url = url
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }

  get statusText(): string {
    return this.#answer.statusText ?? ''
  }

  get headers(): Headers {
    this.#headers ??= new UndiciHeaders(this.#answer.headers)
    return this.#headers
  }

  get body(): Response['body'] {
    return this.#asStandard().body
  }

  get bodyUsed(): boolean {
    return this.#standard ? this.#standard.bodyUsed : this.#answer.body.bodyUsed
  }

  async text(): Promise<string> {
    return this.#standard ? this.#standard.text() : this.#answer.body.text()
  }

  async json(): Promise<unknown> {
    return this.#standard ? this.#standard.json() : this.#answer.body.json()
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#standard ? this.#standard.arrayBuffer() : this.#answer.body.arrayBuffer()
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

  #asStandard(): Response {
    if (!this.#standard) {
      const body = NULL_BODY.has(this.status) ? null : (this.#Readable.toWeb(this.#answer.body) as Response['body'])
      this.#standard = new Response(body as NonNullable<RequestInit['body']> | null, {
        status: this.status,
        headers: this.headers
      })
    }
    return this.#standard
  }
}
