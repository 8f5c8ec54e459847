import type { RequestOptions } from '../core/client-options.ts'
import { WeChatApiError } from '../errors/index.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { checkFields, paramError, present } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'
import type { WireId } from '../wechat-api/wire-types.ts'
import { checkMenu } from './check-menu.ts'
import type { ConditionalMenu, CurrentMenu, MenuAnswer, MenuButton, MenuDefinition } from './menu-types.ts'

/** @internal */
export const NO_MENU = 46003

const CALLS = {
  create: { method: 'POST', path: '/cgi-bin/menu/create', idempotent: true },
  get: { method: 'GET', path: '/cgi-bin/menu/get', idempotent: true, answersWith: 'menu' },
  delete: { method: 'GET', path: '/cgi-bin/menu/delete', idempotent: true },
  current: {
    method: 'GET',
    path: '/cgi-bin/get_current_selfmenu_info',
    idempotent: true,
    answersWith: 'is_menu_open'
  },
  addConditional: {
    method: 'POST',
    path: '/cgi-bin/menu/addconditional',
    idempotent: false,
    answersWith: 'menuid'
  },
  deleteConditional: { method: 'POST', path: '/cgi-bin/menu/delconditional', idempotent: true },
  tryMatch: { method: 'POST', path: '/cgi-bin/menu/trymatch', idempotent: true, answersWith: 'button' }
} as const satisfies CallTable

/** The menu of the account (自定义菜单). Clients show a change after about 5 minutes. */
export class Menu {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'menu', CALLS)
  }

  /**
   * Replaces the whole menu (createCustomMenu). Names, counts, keys and addresses are checked first.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM naming the button.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40016 to 40027, 45064 (mini program not linked), 65316.
   * @example
   * await mp.menu.create({ button: [{ type: 'view', name: 'Shop', url: 'https://example.com/' }] })
   */
  async create(menu: MenuDefinition, options?: RequestOptions): Promise<void> {
    checkMenu(this.#owner('create'), menu?.button)
    await this.#call('create', { json: menu }, options)
  }

  /**
   * The menu that was made by API, with its conditional menus (getMenu); `undefined` when there is none.
   */
  async get(options?: RequestOptions): Promise<MenuAnswer | undefined> {
    try {
      return await this.#call<MenuAnswer>('get', {}, options)
    } catch (error) {
      if (error instanceof WeChatApiError && error.errcode === NO_MENU) return undefined
      throw error
    }
  }

  /** Deletes the menu and all conditional menus (deleteMenu). */
  async delete(options?: RequestOptions): Promise<void> {
    await this.#call('delete', {}, options)
  }

  /** The menu that users see, made by API or on the website (getCurrentSelfmenuInfo). */
  current(options?: RequestOptions): Promise<CurrentMenu> {
    return this.#call('current', {}, options)
  }

  /**
   * Adds a menu for some of the users (addConditionalMenu). There must be a default menu.
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 65303 (no default menu), 65304 (matchrule), 65305 (too many).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async addConditional(menu: ConditionalMenu, options?: RequestOptions): Promise<{ menuid: WireId }> {
    const owner = this.#owner('addConditional')
    checkMenu(owner, menu?.button)
    if (Object.values(menu.matchrule ?? {}).every((value) => value === undefined || value === '')) {
      throw paramError(owner, 'matchrule', 'must have tag_id or client_platform_type')
    }
    return this.#call('addConditional', { json: menu }, options)
  }

  /** Deletes a conditional menu (deleteConditionalMenu). */
  async deleteConditional(menuid: WireId, options?: RequestOptions): Promise<void> {
    await this.#call('deleteConditional', { json: { menuid } }, options)
  }

  /**
   * The menu that a user sees (tryMatchMenu).
   *
   * @param user_id openid or WeChat id.
   */
  async tryMatch(user_id: string, options?: RequestOptions): Promise<{ button: MenuButton[] }> {
    checkFields(this.#owner('tryMatch'), { user_id }, { user_id: present })
    return this.#call('tryMatch', { json: { user_id } }, options)
  }

  #owner(name: string) {
    return { operation: `menu.${name}`, product: this.#api.product }
  }
}
