export {
  type GatewayMessageFields,
  type SignedGatewayMessageOptions,
  signedGatewayMessage
} from './signed-gateway-message.ts'
