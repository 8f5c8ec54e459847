export { type BuildReplyOptions, buildReply } from './build-reply.ts'
export { buildEnvelope, type MessageEnvelope, parseEnvelope } from './envelope.ts'
export type { MessageGatewayOptions, PreviousCredentials, SetTimer } from './gateway-options.ts'
export type {
  GatewayErrorContext,
  GatewayErrorHandler,
  GatewayMode,
  LateReplyHandler,
  MessageContext,
  MessageHandler,
  TopicHandler
} from './handler-types.ts'
export {
  decryptMessage,
  type EncryptedMessage,
  type EncryptMessageOptions,
  encryptMessage,
  type MessageCryptoOptions
} from './message-crypto.ts'
export { MessageGateway } from './message-gateway.ts'
export { createMessageKey, type MessageKey } from './message-key.ts'
export type * from './messages/index.ts'
export { isMessage } from './messages/index.ts'
export { type MessageFormat, parseMessage } from './parse-message.ts'
export {
  type AcknowledgementReply,
  type Article,
  type ImageReply,
  type MusicReply,
  type NewsReply,
  type PlatformReply,
  type RefundQueryReply,
  type Reply,
  type ReplyLike,
  reply,
  type TextReply,
  type TransferReply,
  type VideoReply,
  type VoiceReply
} from './replies.ts'
export type { Pattern } from './router.ts'
export { sceneOf } from './scene.ts'
export { type SignedParts, verifySignature } from './signature.ts'
export { type SignedGatewayRequestOptions, signedGatewayRequest } from './signed-gateway-request.ts'
