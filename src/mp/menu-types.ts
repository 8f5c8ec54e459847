import type { WireId } from '../wechat-api/wire-types.ts'

interface Named {
  /** Up to 16 bytes at the top level, 60 below. */
  name: string
}

/** A button with an action; `type` decides which fields it needs. */
export type MenuAction = Named &
  (
    | {
        type:
          | 'click'
          | 'scancode_push'
          | 'scancode_waitmsg'
          | 'pic_sysphoto'
          | 'pic_photo_or_album'
          | 'pic_weixin'
          | 'location_select'
        /** Returned in the event; up to 128 bytes. */
        key: string
      }
    | {
        type: 'view'
        /** Up to 1024 bytes. */
        url: string
      }
    | {
        type: 'miniprogram'
        appid: string
        pagepath: string
        /** For old clients that cannot open mini programs. */
        url: string
      }
    | { type: 'media_id' | 'view_limited'; media_id: string }
    | { type: 'article_id' | 'article_view_limited'; article_id: string }
  )

/** A button with up to 5 buttons below it. */
export type MenuParent = Named & { sub_button: MenuAction[]; type?: never }

/** A button of the top level. */
export type MenuButton = MenuAction | MenuParent

/** Parameters of `menu.create`. */
export interface MenuDefinition {
  /** 1 to 3. */
  button: MenuButton[]
}

/** Users who see a conditional menu. At least one field. */
export interface MenuMatchRule {
  tag_id?: number | string | undefined
  /** 1 iOS, 2 Android, 3 other. */
  client_platform_type?: 1 | 2 | 3 | '1' | '2' | '3' | undefined
}

/** Parameters of `menu.addConditional`. */
export interface ConditionalMenu extends MenuDefinition {
  matchrule: MenuMatchRule
}

/** Response of `menu.get`. */
export interface MenuResponse {
  menu: MenuDefinition & { menuid?: WireId }
  conditionalmenu?: (ConditionalMenu & { menuid: WireId })[]
}

/** Response of `menu.current`: also menus created on the website, whose buttons have other fields. */
export interface CurrentMenu {
  /** 1: the menu is on. */
  is_menu_open: number
  selfmenu_info?: { button: Record<string, unknown>[] }
}
