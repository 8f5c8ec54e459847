/** An article of a draft. (新增草稿 draft_add) */
export type DraftArticle = NewsDraft | PictureDraft

interface DraftBase {
  /** Up to 32 characters. */
  title: string
  need_open_comment?: 0 | 1 | undefined
  only_fans_can_comment?: 0 | 1 | undefined
}

/** An article with text in HTML (图文消息). */
export interface NewsDraft extends DraftBase {
  article_type?: 'news' | undefined
  /** Up to 16 characters. */
  author?: string | undefined
  /** Up to 128 characters; used by drafts of one article. */
  digest?: string | undefined
  /** HTML: less than 20,000 characters and 1 MB. Pictures only by the URLs that `media.uploadImage` returns. */
  content: string
  /** "Read the original"; up to 1 kB. */
  content_source_url?: string | undefined
  /** Cover: the media id of a **permanent** picture. */
  thumb_media_id: string
  /** `X1_Y1_X2_Y2`, each 0 to 1. */
  pic_crop_235_1?: string | undefined
  pic_crop_1_1?: string | undefined
}

/** A picture message (图片消息): up to 20 pictures and plain text. */
export interface PictureDraft extends DraftBase {
  article_type: 'newspic'
  content: string
  /** 1 to 20 permanent pictures; the first is the cover. */
  image_info: { image_list: readonly { image_media_id: string }[] }
}

/** An article as WeChat returns it. */
export interface StoredArticle {
  article_type?: string
  title: string
  author?: string
  digest?: string
  content?: string
  content_source_url?: string
  thumb_media_id?: string
  thumb_url?: string
  /** Only for drafts: temporary URL of a preview. */
  url?: string
  need_open_comment?: number
  only_fans_can_comment?: number
  /** Only for published articles. */
  is_deleted?: boolean
}

/** A page of drafts or of published articles. */
export interface ArticlePage<Id extends string> {
  total_count: number
  item_count: number
  /** `update_time` in seconds. */
  item: ({ content: { news_item: StoredArticle[] }; update_time: number } & Record<Id, string>)[]
}

/** Which page: `count` 1 to 20; `no_content` 1 leaves out the texts. */
export interface ArticlePageParams {
  offset?: number | undefined
  count?: number | undefined
  no_content?: 0 | 1 | undefined
}
