// OpenTelemetry, with the exporters of its SDK that keep spans and measurements in memory.
import { join } from 'node:path'
import { run } from '../support/package.mjs'
import { lines, node } from '../support/programs.mjs'

const telemetry = (name, sdk, metrics) => ({
  name,
  kind: 'otel',
  files: ['otel'],
  packages: ['@opentelemetry/api@1', `@opentelemetry/sdk-trace-node@${sdk}`, `@opentelemetry/sdk-metrics@${metrics}`],
  run: ({ folder }) => {
    lines(run(node, [join(folder, 'otel/spans.mjs')]))
    lines(run(node, ['--no-experimental-require-module', join(folder, 'otel/spans.cjs')]))
  }
})

export const TELEMETRY = [
  telemetry('OpenTelemetry SDK 2', 2, 2),
  telemetry('OpenTelemetry SDK 1', 1, 1),
  {
    name: 'pino',
    kind: 'otel',
    files: ['pino'],
    packages: ['pino@10'],
    run: ({ folder }) => void lines(run(node, [join(folder, 'pino/log.mjs')]))
  }
]
