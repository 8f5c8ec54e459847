import type { Route } from '../framework/service.ts'
import { codeRoutes } from './codes.ts'
import { commentRoutes } from './comments.ts'
import { customMessageRoutes } from './custom-messages.ts'
import { customerAccountRoutes } from './customer-accounts.ts'
import { draftRoutes } from './drafts.ts'
import { followerRoutes } from './followers.ts'
import { jssdkRoutes } from './jssdk/routes.ts'
import { massMessageRoutes } from './mass-messages.ts'
import { mediaRoutes } from './media.ts'
import { fileRoutes } from './media-files.ts'
import { menuRoutes } from './menu.ts'
import { oauthApiRoutes } from './oauth-api.ts'
import { oauthPageRoutes } from './oauth-pages.ts'
import { oncePageRoutes } from './once-page.ts'
import { publishingRoutes } from './publishing.ts'
import { sceneCodePictureRoutes, sceneCodeRoutes } from './scene-codes.ts'
import { securityRoutes } from './security.ts'
import { sessionRoutes } from './session.ts'
import { shippingRoutes } from './shipping/shipping-routes.ts'
import { shortKeyRoutes } from './short-keys.ts'
import type { WeChatState } from './state.ts'
import { subscribeRoutes } from './subscribe.ts'
import { templateRoutes } from './templates.ts'
import { tokenRoutes } from './tokens.ts'
import { virtualPaymentRoutes } from './virtual-payment/virtual-payment-routes.ts'

/** A file of calls. A row in one of these is served, listed and covered; nothing else is to be told of a new file. */
type Family = (wx: WeChatState) => readonly Route[]

/** `api.weixin.qq.com` and its regional twins. */
export const API_FAMILIES: readonly Family[] = [
  tokenRoutes,
  oauthApiRoutes,
  sessionRoutes,
  mediaRoutes,
  followerRoutes,
  templateRoutes,
  subscribeRoutes,
  customMessageRoutes,
  customerAccountRoutes,
  shortKeyRoutes,
  draftRoutes,
  publishingRoutes,
  menuRoutes,
  sceneCodeRoutes,
  codeRoutes,
  securityRoutes,
  shippingRoutes,
  massMessageRoutes,
  commentRoutes,
  virtualPaymentRoutes
]

/** Pages of `open.weixin.qq.com`. */
export const PAGE_FAMILIES: readonly Family[] = [oauthPageRoutes]

/** `res.wx.qq.com`. */
export const JSSDK_FAMILIES: readonly Family[] = [jssdkRoutes]

/** `mp.weixin.qq.com` and the hosts of pictures. */
export const SITE_FAMILIES: readonly Family[] = [sceneCodePictureRoutes, oncePageRoutes, fileRoutes]
