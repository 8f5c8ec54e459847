import { SingleFlight } from '../internal/single-flight.ts'
import type { GeetestApi } from './geetest-api.ts'

const CACHE_MS = 10_000

/** Whether Geetest reports that it is working (云监控); anything but `success` means that it is not. */
export class BypassStatus {
  readonly #api: GeetestApi
  readonly #flights = new SingleFlight<boolean>()
  #known: { isWorking: boolean; readAt: number } | undefined

  constructor(api: GeetestApi) {
    this.#api = api
  }

  async isWorking(): Promise<boolean> {
    const known = this.#known
    // Not negative either: if the clock was set back, an outage would seem to last that much longer.
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
      // The failback is meant for an unreachable service; the caller reports it.
      return false
    }
  }
}
