import type { Printer } from './printer.ts'

type Json = Record<string, unknown>

export interface Answer {
  status: number
  /** Where a redirect leads. */
  location: string
  body: Json
  /** `data` of the envelope of official-site. */
  data: Json
}

/** A small browser: keeps cookies, prints its requests, follows nothing by itself. */
export class Browser {
  readonly #origin: string
  readonly #print: Printer
  readonly #cookies = new Map<string, string>()
  /** Sent along from then on. */
  authorization: string | undefined

  constructor(origin: string, print: Printer) {
    this.#origin = origin
    this.#print = print
  }

  get(path: string): Promise<Answer> {
    return this.#send('GET', path)
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.#send('POST', path, body)
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.#send('PUT', path, body)
  }

  async #send(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#origin + path, {
      method,
      redirect: 'manual',
      headers: {
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(this.authorization ? { authorization: this.authorization } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    this.#print.request(method, this.#origin + path, response.status)
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.#cookies.set(name, value)
    }
    const text = await response.text()
    const parsed = (text.startsWith('{') ? JSON.parse(text) : {}) as Json
    return {
      status: response.status,
      location: response.headers.get('location') ?? '',
      body: parsed,
      data: (parsed.data ?? {}) as Json
    }
  }
}
