export interface Answer {
  status: number
  location: string
  code: unknown
  data: unknown
  raw: Record<string, unknown>
}

/** A small browser: keeps cookies, follows nothing by itself. */
export class Browser {
  readonly #origin: string
  readonly #cookies = new Map<string, string>()
  authorization: string | undefined

  constructor(origin: string) {
    this.#origin = origin
  }

  set bearer(token: string) {
    this.authorization = `Bearer ${token}`
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
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.#cookies.set(name, value)
    }
    const text = await response.text()
    const raw = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>
    return {
      status: response.status,
      location: response.headers.get('location') ?? '',
      code: raw.code,
      data: raw.data ?? {},
      raw
    }
  }
}
