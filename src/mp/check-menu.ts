import { bytes, checkFields, type ParamOwner, paramError, present } from '../wechat-api/check-params.ts'

const TOP_NAME = bytes(16)
const SUB_NAME = bytes(60)
const KEY = bytes(128)
const URL_TEXT = bytes(1024)

/** Required fields of each type of button (Custom menus, creation). Other types are left to WeChat. */
const NEEDS: Readonly<Record<string, Readonly<Record<string, (value: unknown) => string | undefined>>>> = {
  click: { key: KEY },
  scancode_push: { key: KEY },
  scancode_waitmsg: { key: KEY },
  pic_sysphoto: { key: KEY },
  pic_photo_or_album: { key: KEY },
  pic_weixin: { key: KEY },
  location_select: { key: KEY },
  view: { url: URL_TEXT },
  miniprogram: { url: URL_TEXT, appid: present, pagepath: present },
  media_id: { media_id: present },
  view_limited: { media_id: present },
  article_id: { article_id: present },
  article_view_limited: { article_id: present }
}

/**
 * Checks the limits of a menu before it is sent, because WeChat's codes 40015 to 40027 do not say which button is wrong.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM naming the button, e.g. `button[1].sub_button[0].key`.
 */
export function checkMenu(owner: ParamOwner, button: unknown): void {
  checkList(owner, 'button', button, 3)
  for (const [index, item] of (button as unknown[]).entries()) {
    const at = `button[${index}]`
    const subButtons = (item as { sub_button?: unknown } | null)?.sub_button
    const isParent = Array.isArray(subButtons) && subButtons.length > 0
    checkButton(owner, at, item, TOP_NAME, isParent)
    if (!isParent) continue
    checkList(owner, `${at}.sub_button`, subButtons, 5)
    for (const [subIndex, sub] of subButtons.entries()) {
      const subAt = `${at}.sub_button[${subIndex}]`
      const deeper = (sub as { sub_button?: unknown } | null)?.sub_button
      if (Array.isArray(deeper) && deeper.length > 0) {
        throw paramError(owner, `${subAt}.sub_button`, 'is a third level, but only two are allowed')
      }
      checkButton(owner, subAt, sub, SUB_NAME, false)
    }
  }
}

function checkList(owner: ParamOwner, at: string, list: unknown, max: number): void {
  if (!Array.isArray(list) || list.length < 1 || list.length > max) {
    const found = Array.isArray(list) ? `, has ${list.length}` : ''
    throw paramError(owner, at, `must be an array of 1 to ${max} buttons${found}`)
  }
}

function checkButton(
  owner: ParamOwner,
  at: string,
  button: unknown,
  name: (value: unknown) => string | undefined,
  isParent: boolean
): void {
  if (typeof button !== 'object' || button === null) throw paramError(owner, at, 'must be an object')
  const prefixed = { ...owner, operation: `${owner.operation} ${at}` }
  checkFields(prefixed, button, { name })
  const { type } = button as { type?: unknown }
  if (isParent) return
  if (typeof type !== 'string' || type === '') {
    throw paramError(owner, `${at}.type`, 'is required for a button without sub_button')
  }
  const known = type.toLowerCase()
  // WeChat says of it that the text is not UTF-8 (65318).
  if (known !== type && Object.hasOwn(NEEDS, known)) {
    throw paramError(owner, `${at}.type`, `is ${JSON.stringify(type)}: types are written in lower case, "${known}"`)
  }
  if (Object.hasOwn(NEEDS, type)) checkFields(prefixed, button, NEEDS[type] ?? {})
}
