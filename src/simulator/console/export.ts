import type { ExchangeView } from '../framework/views.ts'
import { masked, maskedHeader } from './mask.ts'

/** Headers that a client writes by itself. */
const OWN = [
  'content-length',
  'host',
  'connection',
  'accept-encoding',
  'sec-fetch-mode',
  'accept-language',
  'transfer-encoding'
]

const shell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

function headersOf(exchange: ExchangeView): [string, string][] {
  return Object.entries(exchange.requestHeaders)
    .filter(([name]) => !OWN.includes(name.toLowerCase()))
    .map(([name, value]) => [name, maskedHeader(name, value)])
}

/** The request as a curl command, to this simulator or to the application. */
export function toCurl(exchange: ExchangeView): string {
  const url = exchange.direction === 'in' ? exchange.url.replace(/^https:\/\//, `${location.origin}/`) : exchange.url
  const parts = [`curl -X ${exchange.method} ${shell(masked(url))}`]
  for (const [name, value] of headersOf(exchange)) parts.push(`-H ${shell(`${name}: ${value}`)}`)
  if (exchange.requestBody !== '') parts.push(`--data-raw ${shell(masked(exchange.requestBody))}`)
  return parts.join(' \\\n  ')
}

const text = (value: unknown): string => JSON.stringify(value)

function requestCode(exchange: ExchangeView): string {
  const headers = headersOf(exchange).map(([name, value]) => `    ${text(name)}: ${text(value)}`)
  const body = exchange.requestBody === '' ? '' : `,\n  body: ${text(masked(exchange.requestBody))}`
  return `${text(masked(exchange.url))}, {
  method: ${text(exchange.method)},
  headers: {
${headers.join(',\n')}
  }${body}
}`
}

/** A test that makes the same call, or hands the same callback to a handler. */
export function toVitest(exchange: ExchangeView): string {
  const name = text(`${exchange.method} ${exchange.path}: ${exchange.outcome}`)
  if (exchange.direction === 'out') {
    return `import { expect, it } from 'vitest'
import { handler } from 'your-application' // (request: Request) => Promise<Response>

it(${name}, async () => {
  const request = new Request(${requestCode(exchange).replaceAll('\n', '\n  ')})
  const response = await handler(request)
  expect(response.status).toBe(200)
})
`
  }
  const refusals =
    exchange.refused.length > 0
      ? `\n  expect(simulator.log.entries.at(-1)?.refused).toEqual(${text(exchange.refused)})`
      : ''
  return `import { expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'

it(${name}, async () => {
  const simulator = createSimulator()
  const response = await simulator.fetch(${requestCode(exchange).replaceAll('\n', '\n  ')})
  expect(response.status).toBe(${exchange.status ?? 0})${refusals}
})
`
}

/** Hands a text to the browser as a file. */
export function download(name: string, content: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], { type: 'text/plain' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
