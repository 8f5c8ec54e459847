import type { RequestOptions } from '../core/client-options.ts'
import { WeChatApiError } from '../errors/index.ts'
import { paramError, present } from '../wechat-api/check-params.ts'
import { get, post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type { WireId } from '../wechat-api/wire-types.ts'
import { checkMenu } from './check-menu.ts'
import type { ConditionalMenu, CurrentMenu, MenuButton, MenuDefinition, MenuResponse } from './menu-types.ts'

/** @internal */
export const NO_MENU = 46003

const CREATE = post<MenuDefinition>('menu.create', '/cgi-bin/menu/create', { idempotent: true })
const GET = get<object, MenuResponse>('menu.get', '/cgi-bin/menu/get', { returns: 'menu' })
const DELETE = get<object>('menu.delete', '/cgi-bin/menu/delete')
const CURRENT = get<object, CurrentMenu>('menu.current', '/cgi-bin/get_current_selfmenu_info', {
  returns: 'is_menu_open'
})
const ADD_CONDITIONAL = post<ConditionalMenu, { menuid: WireId }>(
  'menu.addConditional',
  '/cgi-bin/menu/addconditional',
  { returns: 'menuid' }
)
const DELETE_CONDITIONAL = post<{ menuid: WireId }>('menu.deleteConditional', '/cgi-bin/menu/delconditional', {
  idempotent: true
})
const TRY_MATCH = post<{ user_id: string }, { button: MenuButton[] }>('menu.tryMatch', '/cgi-bin/menu/trymatch', {
  rules: { user_id: present },
  idempotent: true,
  returns: 'button'
})

/** The menu of the account (自定义菜单). Users see a change after about 5 minutes. */
export class Menu {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Replaces the whole menu (createCustomMenu). Names, counts, keys and URLs are checked first.
   *
   * @param menu 1 to 3 buttons, each with up to 5 below it.
   * @param options Options of this call.
   * @throws {ConfigError} ERR_INVALID_PARAM naming the button.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40016 to 40027, 45064 (mini program not linked), 65316.
   * @example
   * await mp.menu.create({ button: [{ type: 'view', name: 'Shop', url: 'https://example.com/' }] })
   */
  async create(menu: MenuDefinition, options?: RequestOptions): Promise<void> {
    checkMenu(this.#owner(CREATE), menu?.button)
    return this.#api.call(CREATE, menu, options)
  }

  /**
   * Returns the menu created by API, with its conditional menus (getMenu).
   *
   * @param options Options of this call.
   * @returns The menu; `undefined` if there is none (46003).
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  async get(options?: RequestOptions): Promise<MenuResponse | undefined> {
    try {
      return await this.#api.call(GET, {}, options)
    } catch (error) {
      if (error instanceof WeChatApiError && error.errcode === NO_MENU) return undefined
      throw error
    }
  }

  /**
   * Deletes the menu and all conditional menus (deleteMenu).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  delete(options?: RequestOptions): Promise<void> {
    return this.#api.call(DELETE, {}, options)
  }

  /**
   * Returns the menu that users see, created by API or on the website (getCurrentSelfmenuInfo).
   *
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  current(options?: RequestOptions): Promise<CurrentMenu> {
    return this.#api.call(CURRENT, {}, options)
  }

  /**
   * Adds a menu for some of the users (addConditionalMenu). There must be a default menu.
   *
   * @param menu The buttons, and in `matchrule` the users who see them.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 65303 (no default menu), 65304 (matchrule), 65305 (too many).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async addConditional(menu: ConditionalMenu, options?: RequestOptions): Promise<{ menuid: WireId }> {
    const owner = this.#owner(ADD_CONDITIONAL)
    checkMenu(owner, menu?.button)
    if (Object.values(menu.matchrule ?? {}).every((value) => value === undefined || value === '')) {
      throw paramError(owner, 'matchrule', 'must have tag_id or client_platform_type')
    }
    return this.#api.call(ADD_CONDITIONAL, menu, options)
  }

  /**
   * Deletes a conditional menu (deleteConditionalMenu).
   *
   * @param menuid Id of the conditional menu.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 65301.
   */
  deleteConditional(menuid: WireId, options?: RequestOptions): Promise<void> {
    return this.#api.call(DELETE_CONDITIONAL, { menuid }, options)
  }

  /**
   * Returns the menu that a user sees (tryMatchMenu).
   *
   * @param user_id openid or WeChat id.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 65309.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  tryMatch(user_id: string, options?: RequestOptions): Promise<{ button: MenuButton[] }> {
    return this.#api.call(TRY_MATCH, { user_id }, options)
  }

  #owner({ operation }: { operation: string }) {
    return { operation, product: this.#api.product }
  }
}
