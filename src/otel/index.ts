export { type Instrumentation, type InstrumentOptions, instrumentWeixinKit } from './instrument-weixin-kit.ts'
export { type TraceHandlerOptions, traceHandler } from './trace-handler.ts'
