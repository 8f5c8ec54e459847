// What converts requests and answers. Loaded after a converter was made; the first request waits for it.
export { toBodyStream } from './body-stream.ts'
export { runHandler } from './run-handler.ts'
export { incomingToRequest } from './to-request.ts'
export { discardBody, hasNoBody, isByteResponse, writeAnswer, writeBytes } from './write-response.ts'
