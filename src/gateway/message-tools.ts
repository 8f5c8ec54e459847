import { buildReply, checkReply } from './build-reply.ts'
import { openFrame, sealFrame } from './message-frame.ts'
import { formatOf, parseFields, toMessage } from './parse-message.ts'
import { sceneOf } from './scene.ts'
import { isSignedWith, signatureOf } from './signature.ts'

/**
 * What public functions are made of. The code that is loaded later is handed it: a module that both import would be a file of its
 * own, which every import of this entry point loads.
 */
export const MESSAGE_TOOLS = {
  buildReply,
  checkReply,
  formatOf,
  isSignedWith,
  openFrame,
  parseFields,
  sceneOf,
  sealFrame,
  signatureOf,
  toMessage
}

export type MessageTools = typeof MESSAGE_TOOLS
