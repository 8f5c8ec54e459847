/** A 64-bit id of WeChat: a string of its digits if a number cannot hold it. Compare ids as text. */
export type WireId = number | string

/** Language of profile responses. */
export type WeChatLanguage = 'zh_CN' | 'zh_TW' | 'en'

/** A page of openids. */
export interface OpenidPage {
  /** Number of openids on all pages. Absent in lists by tag. */
  total?: number
  /** Number of openids on this page. */
  count: number
  /** Absent if `count` is 0. */
  data?: { openid: string[] }
  /** Pass it to the next call. Empty or absent on the last page. */
  next_openid?: string
}

/** Iterates over pages of openids. Stops if WeChat repeats the same `next_openid`. */
export async function* eachOpenid(getPage: (next: string | undefined) => Promise<OpenidPage>): AsyncGenerator<string> {
  for (let next: string | undefined; ; ) {
    const page = await getPage(next)
    yield* page.data?.openid ?? []
    if (!page.next_openid || page.next_openid === next || !(page.count > 0)) return
    next = page.next_openid
  }
}
