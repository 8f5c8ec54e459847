import type { DownloadedFile } from '../wechat-api/downloaded-file.ts'

/** Fields of a permanent video besides its file. */
export interface VideoDescription {
  title: string
  introduction: string
}

/** Response of `materials.add`. */
export interface AddedMaterial {
  media_id: string
  /** For pictures; works only on WeChat's pages. */
  url?: string
}

/** An article of a news item. */
export interface NewsArticle {
  title: string
  thumb_media_id: string
  /** 1: the cover is shown in the text. */
  show_cover_pic: number
  author: string
  digest: string
  content: string
  url: string
  content_source_url: string
}

/** Result of `materials.get`. */
export type PermanentMaterial =
  | { kind: 'file'; file: DownloadedFile }
  | { kind: 'video'; title: string; description: string; down_url: string }
  | { kind: 'news'; news_item: NewsArticle[] }

/** Response of `materials.count`. */
export interface MaterialCount {
  voice_count: number
  video_count: number
  image_count: number
  news_count: number
}

/** Parameters of `materials.list`. */
export interface MaterialListParams {
  type: 'image' | 'voice' | 'video' | 'news'
  /** From 0. */
  offset: number
  /** 1 to 20. */
  count: number
}

/** Response of `materials.list`. */
export interface MaterialList {
  total_count: number
  item_count: number
  item: {
    media_id: string
    /** Seconds since 1970. */
    update_time: number
    /** All types but news. */
    name?: string
    url?: string
    /** News only. */
    content?: { news_item: NewsArticle[] }
  }[]
}
