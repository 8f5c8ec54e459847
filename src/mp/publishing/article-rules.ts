import { oneOf, record } from '../../core/options.ts'
import { characters, checkFields, items, type ParamOwner, paramError, present } from '../../wechat-api/check-params.ts'
import type { DraftArticle } from './article-types.ts'

const MEGABYTE = 1024 * 1024
const CROP = /^(?:0|1|0\.\d{1,6}|1\.0{1,6})(?:_(?:0|1|0\.\d{1,6}|1\.0{1,6})){3}$/

const crop = (value: unknown) =>
  typeof value === 'string' && CROP.test(value)
    ? undefined
    : 'must be X1_Y1_X2_Y2, each from 0 to 1 with up to 6 decimal places'

/** Checks an article by WeChat's rules (新增草稿). */
export function checkArticle(owner: ParamOwner, article: DraftArticle): void {
  const flag = oneOf(0, 1)
  checkFields(owner, article, {
    'article_type?': oneOf('news', 'newspic'),
    title: characters(32),
    content: characters(19_999, 0),
    'need_open_comment?': flag,
    'only_fans_can_comment?': flag
  })
  if (Buffer.byteLength(article.content) >= MEGABYTE) throw paramError(owner, 'content', 'must be smaller than 1 MB')
  if (article.article_type === 'newspic') {
    checkFields(owner, article, { image_info: record })
    const { image_list } = article.image_info
    checkFields(owner, { image_list }, { image_list: items(20) })
    for (const image of image_list) checkFields(owner, image, { image_media_id: present })
    return
  }
  checkFields(owner, article, {
    thumb_media_id: present,
    'author?': characters(16, 0),
    'digest?': characters(128, 0),
    'content_source_url?': characters(1024, 0),
    'pic_crop_235_1?': crop,
    'pic_crop_1_1?': crop
  })
}

/** Checks the parameters of a page of drafts or articles. */
export const PAGE_RULES = {
  offset: (value: unknown) =>
    Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : 'must be an integer of at least 0',
  count: (value: unknown) =>
    Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 20
      ? undefined
      : 'must be an integer from 1 to 20',
  'no_content?': oneOf(0, 1)
}
