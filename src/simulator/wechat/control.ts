import type { Delivery } from '../framework/delivery.ts'
import { verifyServer } from './gateway.ts'
import { checkConfig, type JssdkConfig, type JssdkVerdict } from './jssdk/check-config.ts'
import type { ReceivedMessage } from './records.ts'
import type { WeChatState } from './state.ts'
import { addSubscribeTemplate } from './subscribe.ts'

/** What a test may look at and change in the official accounts and mini programs. An account is an app id or a kind. */
export interface WeChatControl {
  /**
   * Adds a template message (模板消息) with `{{first.DATA}}` placeholders and returns its id.
   *
   * @param template Content and title; an id is made if absent.
   * @returns The template id.
   */
  addTemplate(template: {
    content: string
    title?: string | undefined
    id?: string | undefined
    account?: string | undefined
  }): string
  /**
   * Adds a subscribe message (订阅消息) with these parameter names and returns its id.
   *
   * @param template Parameter names such as `thing1`; an id is made if absent.
   * @returns The template id.
   */
  addSubscribeTemplate(template: {
    keys: readonly string[]
    title?: string | undefined
    type?: 2 | 3 | undefined
    id?: string | undefined
    account?: string | undefined
  }): string
  /**
   * Sets how often a path may be called per day and minute (45009, 45011).
   *
   * @param path Path of the API.
   * @param limit Calls per `day` and `minute`.
   */
  limitCalls(path: string, limit: { day?: number | undefined; minute?: number | undefined }): void
  /**
   * Another process asked for a token: all tokens in use become invalid (40001).
   *
   * @param account App id or kind of the account; a default one if absent.
   */
  invalidateTokens(account?: string): void
  /**
   * Freezes or unfreezes the AppSecret (40243).
   *
   * @param frozen `false` unfreezes.
   * @param account App id or kind of the account; a default one if absent.
   */
  freezeSecret(frozen: boolean, account?: string): void
  /**
   * Pages of the released mini program; empty lets every page exist (41030).
   *
   * @param pages Paths without a leading slash.
   * @param account App id or kind of the account; a default one if absent.
   */
  setPages(pages: readonly string[], account?: string): void
  /**
   * Risk rank 0–4 of a person; 4 also blocks the login (40226).
   *
   * @param openid Of the person, in this account.
   * @param rank 0 to 4.
   * @param account App id or kind of the account; a default one if absent.
   */
  setRiskRank(openid: string, rank: number, account?: string): void
  /**
   * Switches order shipping (发货信息管理) on: payments from now on need shipping, and their money is held until then.
   *
   * @param managed `false` switches it off.
   * @param account App id or kind of the account; a default one if absent.
   */
  manageTrade(managed: boolean, account?: string): void
  /**
   * How the next publications end: 0 published, 2 not original, 3 failed, 4 refused in review.
   *
   * @param results One for each publication.
   * @param account App id or kind of the account; a default one if absent.
   */
  endPublications(results: readonly (0 | 2 | 3 | 4)[], account?: string): void
  /**
   * Takes the right to comments away (88000).
   *
   * @param allowed `false` takes it away.
   * @param account App id or kind of the account; a default one if absent.
   */
  allowComments(allowed: boolean, account?: string): void
  /**
   * Makes these paths refuse plain calls (API安全, 40230); an empty list lets them pass again.
   *
   * @param paths E.g. `/wxa/getuserriskrank`.
   * @param account App id or kind of the account; a default one if absent.
   */
  requireApiSecurity(paths: readonly string[], account?: string): void
  /** The platform changes its certificate; with `overlap` both sign for a while. */
  rotateApiSecurity(options?: { overlap?: boolean | undefined; account?: string | undefined }): void
  /** Everything that people received, the oldest first. */
  messages(): ReceivedMessage[]
  /**
   * The next messages and events carry a signature that does not fit: they have to be refused.
   *
   * @param count Default 1.
   */
  forgeMessages(count?: number): void
  /**
   * The next messages and events carry no signature: they have to be refused.
   *
   * @param count Default 1.
   */
  unsignMessages(count?: number): void
  /**
   * The check that the console makes when the server URL is saved.
   *
   * @param account App id or kind of the account; a default one if absent.
   * @throws {RangeError} if the simulator has no such account.
   */
  verifyServer(account?: string): Promise<Delivery>
  /**
   * What WeChat finds when a page at `url` calls `wx.config`: `config:ok` or the error of the front end.
   *
   * @param config What the page passes to `wx.config`.
   * @param url Address of the page.
   */
  checkJssdkConfig(config: JssdkConfig, url: string): JssdkVerdict
}

/** @internal */
export function createWeChatControl(wx: WeChatState): WeChatControl {
  return {
    addTemplate: ({ content, title = '模板消息', id = wx.context.random.text(43), account = 'officialAccount' }) => {
      const example = content.replace(/\{\{\w+\.DATA\}\}/g, '示例')
      wx.resolve(account).templates.set(id, { id, title, content, example, primaryIndustry: '', deputyIndustry: '' })
      return id
    },
    addSubscribeTemplate: ({ account = 'miniProgram', ...template }) => addSubscribeTemplate(wx, account, template).id,
    limitCalls: (path, limit) => void wx.limitsPerPath.set(path, limit),
    invalidateTokens: (account = 'officialAccount') => {
      const { appId } = wx.resolve(account).account
      for (const record of wx.tokens.values()) if (record.appId === appId) record.invalidFrom = wx.now
    },
    freezeSecret: (frozen, account = 'officialAccount') => {
      wx.resolve(account).secretFrozen = frozen
    },
    setPages: (pages, account = 'miniProgram') => {
      wx.resolve(account).pages = [...pages]
    },
    setRiskRank: (openid, rank, account = 'miniProgram') => void wx.resolve(account).riskRanks.set(openid, rank),
    manageTrade: (managed, account = 'miniProgram') => {
      wx.resolve(account).tradeManaged = managed
    },
    endPublications: (results, account = 'officialAccount') => {
      wx.resolve(account).publishResults = [...results]
    },
    allowComments: (allowed, account = 'officialAccount') => {
      wx.resolve(account).commentsOff = !allowed
    },
    requireApiSecurity: (paths, account = 'miniProgram') => {
      const { requiredFor } = wx.resolve(account).apiSecurity
      requiredFor.clear()
      for (const path of paths) requiredFor.add(path)
    },
    rotateApiSecurity: ({ overlap = true, account = 'miniProgram' } = {}) => {
      const { apiSecurity } = wx.resolve(account)
      apiSecurity.generation++
      apiSecurity.overlap = overlap
    },
    forgeMessages: (count = 1) => {
      wx.tricks.forged += count
    },
    unsignMessages: (count = 1) => {
      wx.tricks.unsigned += count
    },
    messages: () => [...wx.received.values()],
    verifyServer: (account = 'officialAccount') => verifyServer(wx, wx.resolve(account).account),
    checkJssdkConfig: (config, url) => checkConfig(wx, config, url)
  }
}
