import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'

class Reader extends MetricReader {
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

/** Providers that keep spans and measurements in memory. */
export function keepTelemetry() {
  const spans = new InMemorySpanExporter()
  const reader = new Reader()
  const providers = {
    tracerProvider: new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
    meterProvider: new MeterProvider({ readers: [reader] })
  }
  const metrics = async () => {
    const { resourceMetrics } = await reader.collect()
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
  }
  return {
    spans,
    providers,
    metrics,
    /** The points of one instrument. */
    points: async (name: string): Promise<{ attributes: object; value: unknown }[]> =>
      (await metrics()).find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [],
    /** Everything that an exporter would send, as text. */
    everything: async (): Promise<string> =>
      JSON.stringify([
        spans
          .getFinishedSpans()
          .map(({ name, attributes, events, links, status }) => [name, attributes, events, links, status]),
        (await metrics()).map(({ descriptor, dataPoints }) => [
          descriptor,
          dataPoints.map(({ attributes }) => attributes)
        ])
      ])
  }
}
