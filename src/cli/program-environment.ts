import { existsSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createTrustStore } from '../simulator/crypto/pkcs12.ts'
import { TRUST_STORE_PASSPHRASE } from './authority-file.ts'
import { simulatorVariables } from './simulator-env.ts'
import type { RunningSimulator } from './start-simulator.ts'

type Environment = Readonly<Record<string, string | undefined>>
type Write = (name: string, content: string | Buffer) => string

const NO_PROXY = 'localhost,127.0.0.1,::1,.localhost'

/** Environment variables with which a program in any language calls the simulator by the names of the real hosts. */
export function programEnvironment(
  { simulator, server, authority }: RunningSimulator,
  write: Write,
  folder: string,
  given: Environment,
  hasProxy = true
): Environment {
  const pem = authority.authority.certificate.toString()
  // It replaces the system's list, so it must also contain the public authorities: tunnels may pass through.
  const bundle = write('ca-bundle.pem', [pem, ...rootCertificates].join('\n'))
  const ca = authority.path ?? write('ca.pem', pem)
  const trustStore =
    authority.trustStore ??
    write('ca.p12', createTrustStore(authority.authority.certificate, TRUST_STORE_PASSPHRASE, 'weixin-kit simulator'))
  write('php/weixin-kit.ini', `openssl.cafile=${bundle}\ncurl.cainfo=${bundle}\n`)
  const proxies = Object.fromEntries(
    ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, hasProxy ? server.proxyUrl : ''])
  )
  const java = {
    'https.proxyHost': '127.0.0.1',
    'https.proxyPort': server.port,
    'http.proxyHost': '127.0.0.1',
    'http.proxyPort': server.port,
    'http.nonProxyHosts': 'localhost|127.*|[::1]',
    'javax.net.ssl.trustStore': trustStore,
    'javax.net.ssl.trustStoreType': 'PKCS12',
    'javax.net.ssl.trustStorePassword': TRUST_STORE_PASSPHRASE
  }
  const properties = Object.entries(java).map(([name, value]) => `-D${name}=${value}`)
  return {
    ...given,
    ...simulatorVariables(simulator, server),
    ...proxies,
    NO_PROXY,
    no_proxy: NO_PROXY,
    // Node.js 22.21 and 24.5 read the variables above when this is set; older ones have the preload.
    NODE_USE_ENV_PROXY: hasProxy ? '1' : '',
    NODE_EXTRA_CA_CERTS: ca,
    NODE_OPTIONS: [given.NODE_OPTIONS, ...preload()].filter(Boolean).join(' '),
    WEIXIN_SIMULATOR: server.proxyUrl,
    WEIXIN_SIMULATOR_HOSTS: simulator.core.hostPatterns.join(','),
    SSL_CERT_FILE: bundle,
    CURL_CA_BUNDLE: bundle,
    REQUESTS_CA_BUNDLE: bundle,
    JAVA_TOOL_OPTIONS: [given.JAVA_TOOL_OPTIONS, ...properties].filter(Boolean).join(' '),
    PHP_INI_SCAN_DIR: `${given.PHP_INI_SCAN_DIR ?? ''}:${folder}/php`
  }
}

/** The built preload next to this command. */
function preload(): string[] {
  const url = new URL('./simulator-redirect.js', import.meta.url)
  return existsSync(fileURLToPath(url)) ? [`--import ${pathToFileURL(fileURLToPath(url)).href}`] : []
}
