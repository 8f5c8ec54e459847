import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { ClientCertificate } from './exchange.ts'

type Pem = string | Uint8Array
interface ConnectOptions {
  cert?: Pem | readonly Pem[]
  pfx?: Pem | readonly { buf: Pem; passphrase?: string }[]
  passphrase?: string
  secureContext?: { context?: unknown }
}

/** @internal Reads a certificate as a service wants it. */
export function clientCertificate(raw: Pem): ClientCertificate | undefined {
  try {
    const certificate = new X509Certificate(raw)
    return { pem: certificate.toString(), serialNumber: certificate.serialNumber.replace(/^0+(?=.)/, '') }
  } catch {
    return undefined
  }
}

/**
 * @internal The certificate that an undici dispatcher (`Agent`, `Client`, `Pool`) would present. The injected `fetch`
 * makes no connection, so this looks at the options that the dispatcher keeps under a private symbol.
 */
export function certificateOfDispatcher(dispatcher: unknown): ClientCertificate | undefined {
  if (typeof dispatcher !== 'object' || dispatcher === null) return undefined
  for (const symbol of Object.getOwnPropertySymbols(dispatcher)) {
    if (symbol.description !== 'options') continue
    const options = (dispatcher as Record<symbol, unknown>)[symbol]
    const connect = (options as { connect?: unknown } | undefined)?.connect
    const found = certificateOfConnect(connect) ?? certificateOfConnect(options)
    if (found) return found
  }
  return undefined
}

function certificateOfConnect(value: unknown): ClientCertificate | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { cert, pfx, passphrase, secureContext } = value as ConnectOptions
  const first = Array.isArray(cert) ? cert[0] : cert
  if (first !== undefined) return clientCertificate(asBytes(first))
  if (pfx === undefined) return certificateOfContext(secureContext)
  try {
    return certificateOfContext(
      createSecureContext({ pfx: pfx as Buffer, ...(passphrase === undefined ? {} : { passphrase }) })
    )
  } catch {
    return undefined
  }
}

function certificateOfContext(secureContext: { context?: unknown } | undefined): ClientCertificate | undefined {
  const native = secureContext?.context as { getCertificate?: () => Buffer | null } | undefined
  const der = native?.getCertificate?.()
  return der ? clientCertificate(der) : undefined
}

// undici clones its options deeply, which turns a Buffer into a plain object of numbers in some versions.
function asBytes(value: unknown): Pem {
  if (typeof value === 'string' || value instanceof Uint8Array) return value
  return Uint8Array.from(Object.values(value as Record<string, number>))
}
