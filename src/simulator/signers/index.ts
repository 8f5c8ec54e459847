export {
  type GatewayMessageFields,
  type SignedGatewayMessageOptions,
  signedGatewayMessage
} from './signed-gateway-message.ts'
export { type SignedPayNotificationOptions, signedPayNotification } from './signed-pay-notification.ts'
export { type SignedPayV3NotificationOptions, signedPayV3Notification } from './signed-pay-v3-notification.ts'
export { type SignedQiniuCallbackOptions, signedQiniuCallback } from './signed-qiniu-callback.ts'
export { type SignedRefundNotificationOptions, signedRefundNotification } from './signed-refund-notification.ts'
export {
  type YunpianReplyPushOptions,
  type YunpianStatusItem,
  type YunpianStatusPushOptions,
  yunpianReplyPush,
  yunpianStatusPush
} from './yunpian-push.ts'
