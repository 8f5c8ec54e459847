// The ways in which a program that calls the real hosts gets to a built simulator; see docs/en/any-program.md.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSimulator } from '../../dist/simulator.js'

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const PRELOAD = new URL('../../dist/simulator-redirect.js', import.meta.url).href

/** `weixin-kit simulator` in a process of its own, with its authority in `folder`. */
export async function startSimulator(folder) {
  const ca = join(folder, 'ca.pem')
  const args = [CLI, 'simulator', '--port', '0', '--quiet', '--ca-file', ca]
  const child = spawn('node', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise((resolve, reject) => {
    let text = ''
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)))
    child.stdout.on('data', (chunk) => {
      text += chunk
      const found = /^# (http\S+) — /m.exec(text)?.[1]
      if (found) resolve(found)
    })
  })
  const read = async (topic) => (await fetch(`${url}/-/${topic}`)).json()
  const accounts = Object.assign({}, ...(await read('accounts')).map(({ values }) => values))
  return { url, ca, accounts, read, stop: () => child.kill() }
}

/** What a program of any language takes for its proxy and for the authority that it trusts. */
export function proxyVariables({ url, ca }) {
  const { port } = new URL(url)
  const ini = ca.replace(/[^/]+$/, '')
  writeFileSync(join(ini, 'ca.ini'), `curl.cainfo=${ca}\nopenssl.cafile=${ca}\n`)
  const java = ['https', 'http'].flatMap((scheme) => [
    `-D${scheme}.proxyHost=127.0.0.1`,
    `-D${scheme}.proxyPort=${port}`
  ])
  const store = `-Djavax.net.ssl.trustStore=${ca.replace(/pem$/, 'p12')} -Djavax.net.ssl.trustStorePassword=changeit`
  return {
    HTTPS_PROXY: url,
    https_proxy: url,
    http_proxy: url,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: ca,
    SSL_CERT_FILE: ca,
    CURL_CA_BUNDLE: ca,
    REQUESTS_CA_BUNDLE: ca,
    JAVA_TOOL_OPTIONS: `${java.join(' ')} ${store}`,
    PHP_INI_SCAN_DIR: `:${ini}`
  }
}

/** Catches the connections of every dynamically linked program, whatever agent it has. Names are resolved by the proxy. */
export function proxychains({ url, ca }) {
  const file = ca.replace(/[^/]+$/, 'proxychains.conf')
  writeFileSync(
    file,
    `strict_chain\nproxy_dns\nlocalnet 127.0.0.0/255.0.0.0\n[ProxyList]\nhttp 127.0.0.1 ${new URL(url).port}\n`
  )
  return { command: ['proxychains4', '-q', '-f', file], env: { NODE_EXTRA_CA_CERTS: ca } }
}

/** Leads every agent of `node:http` and `node:https` to the proxy, those that a client made for itself too. */
export function globalAgent({ url, ca }) {
  return {
    command: ['node', '-r', 'global-agent/bootstrap'],
    env: { NODE_EXTRA_CA_CERTS: ca, GLOBAL_AGENT_HTTP_PROXY: url, GLOBAL_AGENT_NO_PROXY: '127.0.0.1,localhost' }
  }
}

/** What makes a Node.js program connect to `to` in place of the simulated hosts. */
export function preloadVariables({ url, ca }, to = url) {
  return {
    NODE_EXTRA_CA_CERTS: ca,
    NODE_OPTIONS: `--import ${PRELOAD}`,
    WEIXIN_SIMULATOR: to,
    WEIXIN_SIMULATOR_HOSTS: createSimulator().core.hostPatterns.join(',')
  }
}
