import type { RequestOptions } from '../core/client-options.ts'
import { checkOptions, httpUrl, integer, oneOf, optional, required, text } from '../core/options.ts'
import type { YunpianCaller } from './caller.ts'
import { beijingTime } from './field-encoding.ts'

export interface ShortLink {
  sid: string
  long_url: string
  short_url: string
  enter_url: string
  name: string
  stat_expire: string
  [field: string]: unknown
}

export interface ShortenParams {
  long_url: string | URL
  /** Days for which visits are counted, 0 to 30. */
  stat_duration?: number
  /** 1: yp2.cn, 2: t.cn. */
  provider?: 1 | 2
  name?: string
}

/** Short links (短链接). */
export class ShortUrls {
  readonly #caller: YunpianCaller

  /** @internal */
  constructor(caller: YunpianCaller) {
    this.#caller = caller
  }

  async shorten(params: ShortenParams, options: RequestOptions = {}): Promise<ShortLink> {
    check('shortUrl.shorten', params, {
      long_url: required(httpUrl),
      stat_duration: optional(integer(0, 30)),
      provider: optional(oneOf(1, 2)),
      name: optional(text())
    })
    const fields = { ...params, long_url: String(params.long_url) }
    return (await this.#caller.call<{ short_url: ShortLink }>('shortUrl.shorten', fields, options)).short_url
  }

  /** Visits by time. */
  async stat(
    params: { sid: string; start_time?: string | Date; end_time?: string | Date },
    options: RequestOptions = {}
  ): Promise<Record<string, number>> {
    const anything = () => undefined
    check('shortUrl.stat', params, {
      sid: required(text()),
      start_time: optional(anything),
      end_time: optional(anything)
    })
    const { sid, start_time, end_time } = params
    const fields = {
      sid,
      start_time: start_time && beijingTime(start_time),
      end_time: end_time && beijingTime(end_time)
    }
    return (await this.#caller.call<{ stat: Record<string, number> }>('shortUrl.stat', fields, options)).stat
  }
}

function check(operation: string, params: unknown, rules: Parameters<typeof checkOptions>[1]): void {
  checkOptions(params, rules, { owner: operation, product: 'yunpian', of: 'params' })
}
