import { anything, httpUrl, integer, oneOf, optional, required, text } from '../core/options.ts'
import { command, type Methods, query } from './endpoint.ts'
import { beijingTime } from './field-encoding.ts'

/** A short link. */
export interface ShortLink {
  sid: string
  long_url: string
  short_url: string
  enter_url: string
  name: string
  /** End of the time in which visits are counted, Beijing time. */
  stat_expire: string
  [field: string]: unknown
}

/** Parameters of `shortUrl.shorten`. */
export interface ShortenParams {
  long_url: string | URL
  /** Days for which visits are counted, 0 to 30, default 30. */
  stat_duration?: number | undefined
  /** 1: yp2.cn, 2: t.cn. */
  provider?: 1 | 2 | undefined
  name?: string | undefined
}

/** Parameters of `shortUrl.stat`; times are Beijing time, a `Date` is converted. */
export interface ShortLinkStatParams {
  sid: string
  start_time?: string | Date | undefined
  end_time?: string | Date | undefined
}

/** Short links (短链接). */
export const SHORT_URL = {
  /**
   * Creates a short link. Official document: "生成短链接".
   *
   * @param params The URL; `stat_duration` in days.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  shorten: command<ShortenParams, ShortLink>('/v2/short_url/shorten.json', {
    rules: {
      long_url: required(httpUrl),
      stat_duration: optional(integer(0, 30)),
      provider: optional(oneOf(1, 2)),
      name: optional(text())
    },
    encode: (params) => ({ ...params, long_url: String(params.long_url) }),
    decode: (body) => (body as { short_url: ShortLink }).short_url
  }),

  /**
   * Returns visits by time. Official document: "获取短链接统计".
   *
   * @param params The link and a period.
   * @returns Number of visits by time.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  stat: query<ShortLinkStatParams, Record<string, number>>('/v2/short_url/stat.json', {
    rules: { sid: required(text()), start_time: optional(anything), end_time: optional(anything) },
    encode: ({ sid, start_time, end_time }) => ({
      sid,
      start_time: start_time && beijingTime(start_time),
      end_time: end_time && beijingTime(end_time)
    }),
    decode: (body) => (body as { stat: Record<string, number> }).stat
  })
}

/** Methods of `yunpian.shortUrl`. */
export type ShortUrls = Methods<typeof SHORT_URL>
