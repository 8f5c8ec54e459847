const assert = require('node:assert/strict')
const { metrics } = require('@opentelemetry/api')
const sdkMetrics = require('@opentelemetry/sdk-metrics')
const sdk = require('@opentelemetry/sdk-trace-node')

/** Registers the SDK as an application does, and reads what its exporters got. */
exports.inspectSpans = async (library) => {
  const exporter = new sdk.InMemorySpanExporter()
  const spanProcessors = [new sdk.SimpleSpanProcessor(exporter)]
  const provider = new sdk.NodeTracerProvider({ spanProcessors })
  // Version 1 takes processors afterwards.
  if (provider.addSpanProcessor) provider.addSpanProcessor(spanProcessors[0])
  provider.register()
  const measured = new sdkMetrics.InMemoryMetricExporter(sdkMetrics.AggregationTemporality.CUMULATIVE)
  const reader = new sdkMetrics.PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 600_000 })
  metrics.setGlobalMeterProvider(new sdkMetrics.MeterProvider({ readers: [reader] }))

  const instrumentation = library.instrumentWeixinKit()
  const simulator = library.createSimulator()
  const { officialAccount, gateway: account } = simulator.credentials
  const mp = new library.OfficialAccount({ ...officialAccount, ...simulator.clientOptions })
  const gateway = new library.MessageGateway({ ...account, logger: { error: () => undefined } })
  gateway.on('text', async (message) => (await mp.users.info(message.FromUserName)).openid)
  const handler = library.traceHandler(gateway.handler(), { name: 'gateway' })
  const FromUserName = simulator.user('ming').openid(officialAccount.appId)
  const message = { MsgType: 'text', Content: 'x', FromUserName, MsgId: '4711' }
  const request = await library.signedGatewayMessage({ ...account, message })
  assert.equal((await handler(request)).status, 200)
  await reader.forceFlush()

  const spans = exporter.getFinishedSpans()
  const parentOf = (span) => span.parentSpanContext?.spanId ?? span.parentSpanId
  const named = (name) =>
    spans.find((span) => span.name === name) ?? assert.fail(`${name} in ${spans.map((s) => s.name)}`)
  const [server, call, token] = ['weixin gateway', 'weixin users.info', 'weixin accessToken.get'].map(named)
  assert.equal(parentOf(call), server.spanContext().spanId)
  assert.equal(parentOf(token), server.spanContext().spanId)
  assert.deepEqual(call.attributes['weixin.product'], 'mp')
  const names = measured.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  for (const name of ['weixin.client.duration', 'weixin.handler.duration', 'weixin.token.refreshes', 'weixin.dedupe'])
    assert.ok(
      names.some(({ descriptor }) => descriptor.name === name),
      name
    )
  const seen = JSON.stringify(spans.map(({ name, attributes, events, status }) => [name, attributes, events, status]))
  for (const secret of [officialAccount.appSecret, account.token, account.encodingAESKey, FromUserName])
    assert.ok(!seen.includes(secret), 'a secret in an attribute')
  instrumentation.disable()
  await reader.shutdown()
  console.log(`otel ok: ${spans.length} spans, ${names.length} metrics`)
}
