import type { HttpClient } from '../core/http-client.ts'
import { SingleFlight } from '../internal/single-flight.ts'

const CACHE_MS = 10_000

/** Geetest's own word on whether it works (云监控); anything but `success` means that it does not. */
export class BypassStatus {
  readonly #http: HttpClient
  readonly #url: URL
  readonly #flights = new SingleFlight<boolean>()
  #known: { isWorking: boolean; readAt: number } | undefined

  constructor(http: HttpClient, url: URL) {
    this.#http = http
    this.#url = url
  }

  async isWorking(): Promise<boolean> {
    const known = this.#known
    if (known && this.#http.now() - known.readAt < CACHE_MS) return known.isWorking
    return this.#flights.run('status', async () => {
      const isWorking = await this.#ask()
      this.#known = { isWorking, readAt: this.#http.now() }
      return isWorking
    })
  }

  async #ask(): Promise<boolean> {
    try {
      return await this.#http.call(
        {
          operation: 'bypassStatus',
          method: 'GET',
          url: this.#url,
          isSafeToRepeat: true,
          read: async (response) => ((await response.json()) as { status?: unknown } | null)?.status === 'success'
        },
        { maxRetries: 0 }
      )
    } catch {
      // Not reachable is what the failback is for; the caller reports it.
      return false
    }
  }
}
