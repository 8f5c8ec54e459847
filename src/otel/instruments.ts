import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api'

/** Where spans and metrics go. */
export interface TelemetryOptions {
  /** Default: the global one. */
  tracerProvider?: TracerProvider | undefined
  /** Default: the global one. */
  meterProvider?: MeterProvider | undefined
}

const NAME = 'weixin-kit'

/** The tracer and the instruments of the library; their names are listed in the guide. */
export function makeInstruments({ tracerProvider = trace, meterProvider = metrics }: TelemetryOptions) {
  const meter = meterProvider.getMeter(NAME)
  return {
    tracer: tracerProvider.getTracer(NAME),
    callDuration: meter.createHistogram('weixin.client.duration', {
      unit: 's',
      description: 'Duration of calls, retries included.'
    }),
    retries: meter.createCounter('weixin.client.retries', { description: 'Attempts after the first.' }),
    tokenRefreshes: meter.createCounter('weixin.token.refreshes', {
      description: 'Requests for an access token or a ticket.'
    }),
    runs: meter.createCounter('weixin.dedupe', {
      description: 'Messages, notifications and callbacks by result: ran, repeated (a dedupe hit), running.'
    }),
    handlerDuration: meter.createHistogram('weixin.handler.duration', {
      unit: 's',
      description: 'Duration of handlers until the response is available.'
    }),
    refusals: meter.createCounter('weixin.handler.refusals', {
      description: 'Requests that a handler refused, by reason.'
    })
  }
}

export type Instruments = ReturnType<typeof makeInstruments>
