import { createHash } from 'node:crypto'
import { encryptOpenData, signRawData } from '../crypto/open-data.ts'
import type { UserRecord } from '../framework/users.ts'
import { articleKey } from './comments.ts'
import { openWindow } from './custom-messages.ts'
import { follow } from './followers.ts'
import { sendToGateway } from './gateway.ts'
import { subscribeEvent } from './gateway-events.ts'
import { storeReceived, storeVoice } from './media-store.ts'
import { grant, issueCode, readConsentRequest, refuse } from './oauth-decision.ts'
import { decideOnce, readOnceRequest } from './once-page.ts'
import { drawCodeJpeg } from './picture.ts'
import { readCode } from './scan-code.ts'
import { sceneCode } from './scene-codes.ts'
import { login, phoneCode, phoneInfo, sessionKey } from './session.ts'
import { ShippingBook } from './shipping/shipping-book.ts'
import type { AccountState, WeChatState } from './state.ts'
import type { EncryptedOpenData, WeChatUserVerbs } from './user-verb-types.ts'
import { askIosRefund, buyVirtual } from './virtual-payment/virtual-payment-verbs.ts'

const AMR = Buffer.from('#!AMR\n')
const many = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value)

function profileOf({ profile: { nickname, headimgurl, language } }: UserRecord): Record<string, unknown> {
  return { nickName: nickname, gender: 0, language, city: '', province: '', country: '', avatarUrl: headimgurl }
}

/** @internal */
export function createWeChatVerbs(wx: WeChatState, user: UserRecord): WeChatUserVerbs {
  const at = (account: string): { state: AccountState; appId: string; openid: string } => {
    const state = wx.resolve(account)
    const { appId } = state.account
    return { state, appId, openid: user.openid(appId) }
  }
  const emit = (state: AccountState, openid: string, fields: Readonly<Record<string, unknown>>) =>
    sendToGateway(wx, state.account, openid, fields)
  const seal = (
    fields: Readonly<Record<string, unknown>>,
    account: string,
    raw: Readonly<Record<string, unknown>>
  ): EncryptedOpenData => {
    const { appId } = at(account)
    const key = sessionKey(wx, appId, user.id)
    if (!key) throw new Error(`${user.id} has no session with ${appId}: call login() first.`)
    const watermark = { timestamp: Math.floor(wx.context.appTime() / 1000), appid: appId }
    const iv = wx.context.random.bytes(16)
    const encryptedData = encryptOpenData(key, iv, JSON.stringify({ ...fields, watermark }))
    wx.encryptedHashes.set(createHash('sha256').update(encryptedData).digest('hex'), wx.context.clock.seconds())
    const rawData = JSON.stringify(raw)
    return { encryptedData, iv: iv.toString('base64'), rawData, signature: signRawData(rawData, key) }
  }
  const popup = async (
    state: AccountState,
    openid: string,
    event: string,
    wrapper: string,
    ids: readonly string[],
    status: string
  ) => {
    const scene = state.account.kind === 'miniProgram' ? { PopupScene: '0' } : { PopupScene: '1' }
    const items = ids.map((TemplateId) => ({
      TemplateId,
      SubscribeStatusString: status,
      ...(status === 'accept' ? scene : {})
    }))
    if (!wx.context.hasTarget('gateway', state.account.appId)) return
    await emit(state, openid, { MsgType: 'event', ...subscribeEvent(state.account, event, wrapper, items) })
  }

  return {
    login: ({ account = 'miniProgram' } = {}) => login(wx, at(account).appId, user),
    appLogin: ({ account = 'app' } = {}) => {
      const { state, appId } = at(account)
      if (state.account.kind !== 'app') throw new Error(`${appId} is not a mobile app: web pages use authorize(url).`)
      return issueCode(wx, appId, user, 'snsapi_userinfo')
    },
    encryptedData: (fields, { account = 'miniProgram' } = {}) => {
      const { appId, openid } = at(account)
      const profile = profileOf(user)
      const unionid = user.unionid(appId)
      return seal(fields ?? { openId: openid, ...profile, ...(unionid ? { unionId: unionid } : {}) }, account, profile)
    },
    encryptedProfile: ({ account = 'miniProgram' } = {}) => {
      const profile = profileOf(user)
      return seal(profile, account, profile)
    },
    encryptedPhone: ({ account = 'miniProgram' } = {}) => {
      const { watermark: _, ...phone } = phoneInfo(wx, at(account).appId, user)
      return seal(phone, account, {})
    },
    phoneCode: ({ account = 'miniProgram' } = {}) => phoneCode(wx, at(account).appId, user),
    authorize: (url, { accept = true, ...options } = {}) => {
      const request = readConsentRequest(wx, new URL(url))
      return accept ? grant(wx, request, user, options) : refuse(request)
    },
    subscribeOnce: (url, { accept = true } = {}) => {
      const request = readOnceRequest(wx, new URL(url))
      if (typeof request === 'string') throw new Error(`The page of a one-time subscription says: ${request}`)
      return decideOnce(wx, request, user, accept)
    },
    subscribe: async (templateIds, { account = 'miniProgram', times = 1 } = {}) => {
      const { state, openid } = at(account)
      const unknown = many(templateIds).find((id) => !state.subscribeTemplates.has(id))
      if (unknown !== undefined) {
        const have = [...state.subscribeTemplates.keys()].join(', ') || 'none yet'
        throw new Error(
          `${account} has no subscribe template ${JSON.stringify(unknown)}: add it with subscribeTemplates.add, wechat.addSubscribeTemplate or --config. There are: ${have}.`
        )
      }
      for (const id of many(templateIds)) {
        const key = `${openid}\n${id}`
        const left = state.subscriptions.get(key)
        const isLongTerm =
          times === Number.POSITIVE_INFINITY || left === null || state.subscribeTemplates.get(id)?.type === 3
        state.subscriptions.set(key, isLongTerm ? null : (left ?? 0) + times)
      }
      await popup(state, openid, 'subscribe_msg_popup_event', 'SubscribeMsgPopupEvent', many(templateIds), 'accept')
    },
    unsubscribe: async (templateIds, { account = 'miniProgram' } = {}) => {
      const { state, openid } = at(account)
      for (const id of many(templateIds)) state.subscriptions.delete(`${openid}\n${id}`)
      await popup(state, openid, 'subscribe_msg_change_event', 'SubscribeMsgChangeEvent', many(templateIds), 'reject')
    },
    follow: async ({ account = 'officialAccount', scene = 'ADD_SCENE_SEARCH' } = {}) => {
      const { state, openid } = at(account)
      follow(wx, state, openid, scene)
      openWindow(wx, state, openid, 'follow')
      return await emit(state, openid, { MsgType: 'event', Event: 'subscribe', EventKey: '' })
    },
    unfollow: async ({ account = 'officialAccount' } = {}) => {
      const { state, openid } = at(account)
      state.followers.delete(openid)
      return await emit(state, openid, { MsgType: 'event', Event: 'unsubscribe', EventKey: '' })
    },
    scan: async (ticket) => {
      const found = sceneCode(wx, ticket)
      if (!found) throw new Error('This ticket is unknown or has expired.')
      const { state, openid } = at(found.appId)
      const isFollower = state.followers.has(openid)
      if (!isFollower) follow(wx, state, openid, 'ADD_SCENE_QR_CODE', found.code.scene)
      openWindow(wx, state, openid, 'scan')
      const event = isFollower
        ? { Event: 'SCAN', EventKey: String(found.code.scene) }
        : { Event: 'subscribe', EventKey: `qrscene_${found.code.scene}` }
      return await emit(state, openid, { MsgType: 'event', ...event, Ticket: ticket })
    },
    scanCode: (picture) => {
      const { appId, ...code } = readCode(picture)
      const { state, openid } = at(appId)
      state.lastActive.set(openid, wx.now)
      return code
    },
    send: async (message, { account = 'officialAccount' } = {}) => {
      const { state, appId, openid } = at(account)
      let fields = typeof message === 'string' ? { MsgType: 'text', Content: message } : message
      if (fields.MsgType === 'image' && fields.MediaId === undefined) {
        const PicUrl = 'http://mmbiz.qpic.cn/mmbiz_jpg/simulator/0'
        fields = { PicUrl, MediaId: storeReceived(wx, appId, 'image', drawCodeJpeg(user.id, 96)), ...fields }
      }
      if (fields.MsgType === 'voice' && fields.MediaId === undefined) {
        fields = { MediaId: storeReceived(wx, appId, 'voice', AMR), Format: 'amr', ...fields }
      }
      openWindow(wx, state, openid, 'message')
      return await emit(state, openid, fields)
    },
    click: async (key, { account = 'officialAccount' } = {}) => {
      const { state, openid } = at(account)
      if (state.menu && !JSON.stringify([state.menu, state.conditionalMenus]).includes(JSON.stringify(key))) {
        throw new Error(`The menu has no button with the key ${JSON.stringify(key)}.`)
      }
      openWindow(wx, state, openid, 'click')
      return await emit(state, openid, { MsgType: 'event', Event: 'CLICK', EventKey: key })
    },
    event: async (fields, { account = 'officialAccount' } = {}) => {
      const { state, openid } = at(account)
      return await emit(state, openid, { MsgType: 'event', ...fields })
    },
    comment: (msgDataId, content, { account = 'officialAccount', index = 0 } = {}) => {
      const { state, openid } = at(account)
      const article = articleKey(msgDataId, index)
      if (state.closedComments.has(article)) throw new Error('The comments of this article are closed.')
      const id = Number(wx.context.random.digits(9))
      state.comments.set(id, { id, article, openid, content, at: wx.now, elected: false, reply: undefined })
      return id
    },
    buyVirtual: (params, { account = 'miniProgram', apple = false } = {}) =>
      buyVirtual(wx, at(account).state, user, params, apple),
    askIosRefund: async (outTradeNo, { account = 'miniProgram' } = {}) =>
      askIosRefund(wx, at(account).state, outTradeNo),
    confirmReceipt: (transactionId, { account = 'miniProgram' } = {}) => {
      const { state, openid } = at(account)
      const order = state.shippingOrders.get(transactionId)
      if (order?.openid !== openid || order.state !== 2) {
        throw new Error(`${user.id} has no shipped order ${transactionId} to confirm.`)
      }
      new ShippingBook(wx, state).confirm(order, 'person')
    },
    openMiniProgram: ({ account = 'miniProgram' } = {}) => {
      const { state, openid } = at(account)
      state.lastActive.set(openid, wx.now)
    },
    enterChat: async ({ account = 'miniProgram', sessionFrom = '' } = {}) => {
      const { state, openid } = at(account)
      openWindow(wx, state, openid, 'enter')
      return await emit(state, openid, { MsgType: 'event', Event: 'user_enter_tempsession', SessionFrom: sessionFrom })
    },
    recordVoice: (bytes = AMR, { account = 'officialAccount' } = {}) =>
      storeVoice(wx, at(account).appId, Buffer.from(bytes)),
    messages: ({ account } = {}) => {
      const openids =
        account === undefined ? wx.context.accounts.wechatAppIds().map((id) => user.openid(id)) : [at(account).openid]
      return [...wx.received.values()].filter((one) => openids.includes(one.openid))
    }
  }
}
