/**
 * The cookie that carries a session. On https its name has the prefix `__Host-`: with it browsers take the cookie from this host
 * only, so that no other host of the domain can plant a session of somebody else's.
 */
export class SessionCookie {
  readonly #name: string
  readonly #flags: string
  readonly #maxAgeSeconds: number

  constructor(name: string, publicUrl: string, maxAgeSeconds: number, sameSite: 'Lax' | 'Strict' = 'Lax') {
    const isSecure = publicUrl.startsWith('https:')
    this.#name = isSecure ? `__Host-${name}` : name
    this.#flags = `Path=/; HttpOnly; SameSite=${sameSite}${isSecure ? '; Secure' : ''}`
    this.#maxAgeSeconds = maxAgeSeconds
  }

  /** The token in a `Cookie` header. */
  read(header: string | null | undefined): string | undefined {
    return new RegExp(`(?:^|;\\s*)${this.#name}=([\\w-]+)`).exec(header ?? '')?.[1]
  }

  /** A `Set-Cookie` header with the token. */
  write(token: string, maxAgeSeconds = this.#maxAgeSeconds): string {
    return `${this.#name}=${token}; Max-Age=${maxAgeSeconds}; ${this.#flags}`
  }

  clear(): string {
    return this.write('', 0)
  }
}
