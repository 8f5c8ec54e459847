/** A 64-bit id of WeChat: text with its digits when a number cannot hold it. Compare ids as text. */
export type WireId = number | string

/** Language of profile responses. */
export type WeChatLanguage = 'zh_CN' | 'zh_TW' | 'en'

/** A page of openids. */
export interface OpenidPage {
  /** All openids of the list, over all pages. Absent in lists by tag. */
  total?: number
  /** Of this page. */
  count: number
  /** Absent when `count` is 0. */
  data?: { openid: string[] }
  /** Give it to the next call. Empty or absent on the last page. */
  next_openid?: string
}

/** Walks through pages of openids. An endless repetition of the same `next_openid` ends it. */
export async function* eachOpenid(getPage: (next: string | undefined) => Promise<OpenidPage>): AsyncGenerator<string> {
  for (let next: string | undefined; ; ) {
    const page = await getPage(next)
    yield* page.data?.openid ?? []
    if (!page.next_openid || page.next_openid === next || !(page.count > 0)) return
    next = page.next_openid
  }
}
