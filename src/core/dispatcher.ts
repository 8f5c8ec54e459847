import type { KeyObject } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import { ConfigError } from '../errors/index.ts'
import type { DispatcherLike } from './client-options.ts'

/** Client certificate for mutual TLS. Verification of the server's certificate cannot be switched off. */
export interface ClientCertificate {
  /** PEM, leaf first. */
  cert: string
  key: KeyObject | string
}

export interface DispatcherOptions {
  proxy?: string | URL | undefined
  clientCertificate?: ClientCertificate | undefined
  /**
   * Additional certificate authorities (PEM), for a private proxy or the simulator; those of the system stay trusted.
   */
  ca?: string | readonly string[] | undefined
}

/**
 * Creates an undici dispatcher with a client certificate, a proxy or both. undici is loaded here and not earlier,
 * because it costs more than the rest of the library combined.
 */
export async function createDispatcher(options: DispatcherOptions): Promise<DispatcherLike> {
  const { Agent, ProxyAgent } = await import('undici')
  const { createSecureContext, rootCertificates } = await import('node:tls')
  const identity: SecureContextOptions = {}
  if (options.clientCertificate) {
    const { cert, key } = options.clientCertificate
    identity.cert = cert
    identity.key = typeof key === 'string' ? key : key.export({ type: 'pkcs8', format: 'pem' })
  }
  if (options.ca) identity.ca = [...rootCertificates, ...[options.ca].flat()]
  try {
    // Made once: reading all authorities again would cost every connection tens of milliseconds.
    const tls = identity.cert || identity.ca ? { secureContext: createSecureContext(identity) } : {}
    if (options.proxy) return new ProxyAgent({ uri: String(options.proxy), requestTls: tls, proxyTunnel: true })
    return new Agent({ connect: tls, keepAliveTimeout: 30_000 })
  } catch (cause) {
    throw new ConfigError(
      'The proxy or client certificate cannot be used for a connection: check the PEM and the URL.',
      { cause }
    )
  }
}
