const { inspectSpans } = require('./inspect-spans.cjs')

inspectSpans({
  ...require('weixin-kit/otel'),
  ...require('weixin-kit/gateway'),
  ...require('weixin-kit/mp'),
  ...require('weixin-kit/simulator')
})
