import * as gateway from 'weixin-kit/gateway'
import * as mp from 'weixin-kit/mp'
import { instrumentWeixinKit, traceHandler } from 'weixin-kit/otel'
import * as simulator from 'weixin-kit/simulator'
import { inspectSpans } from './inspect-spans.cjs'

await inspectSpans({ instrumentWeixinKit, traceHandler, ...gateway, ...mp, ...simulator })
