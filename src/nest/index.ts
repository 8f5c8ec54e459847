export {
  WeChatMessage,
  WeChatPayNotification,
  WeChatPayV2Notification,
  type WeixinHandlerOptions
} from './decorators.ts'
export { getWeixinToken, InjectWeixin } from './tokens.ts'
export type { WeixinClients, WeixinProduct } from './weixin-clients.ts'
export { WeixinModule } from './weixin-module.ts'
export type {
  WeixinModuleAsyncOptions,
  WeixinModuleOptions,
  WeixinRoutes,
  WeixinRoutingOptions
} from './weixin-module-options.ts'
