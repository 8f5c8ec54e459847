import { SingleFlight } from '../internal/single-flight.ts'
import type { GeetestApi } from './geetest-api.ts'

const CACHE_MS = 10_000

/** Whether Geetest reports that it works (云监控); anything but `success` means that it does not. */
export class BypassStatus {
  readonly #api: GeetestApi
  readonly #flights = new SingleFlight<boolean>()
  #known: { isWorking: boolean; readAt: number } | undefined

  constructor(api: GeetestApi) {
    this.#api = api
  }

  async isWorking(): Promise<boolean> {
    const known = this.#known
    // Also not negative: with a clock that was set back, an outage would seem to go on for as long.
    const age = known ? this.#api.now() - known.readAt : -1
    if (known && age >= 0 && age < CACHE_MS) return known.isWorking
    return this.#flights.run('status', async () => {
      const isWorking = await this.#ask()
      this.#known = { isWorking, readAt: this.#api.now() }
      return isWorking
    })
  }

  async #ask(): Promise<boolean> {
    try {
      return (await this.#api.askBypassStatus()).status === 'success'
    } catch {
      // Not reachable is what the failback is for; the caller reports it.
      return false
    }
  }
}
