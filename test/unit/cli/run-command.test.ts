import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepAuthority } from '../../../src/cli/authority-file.ts'
import { run } from '../../../src/cli/run.ts'
import { hasProgram } from '../../support/has-program.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'weixin-kit-'))
let state = ''
beforeEach(() => {
  state = folder()
  vi.stubEnv('XDG_STATE_HOME', state)
})
afterEach(() => void vi.unstubAllEnvs())

async function command(...args: string[]) {
  let output = ''
  let errors = ''
  const code = await run(args, {
    out: (text) => {
      output += text
    },
    error: (text) => {
      errors += text
    },
    isColored: false,
    signal: new AbortController().signal
  })
  return { code, output, errors }
}
const HOSTS = ['api.weixin.qq.com', 'up*.qiniup.com']

describe('weixin-kit run', () => {
  it('gives a program proxy, authority and accounts, and ends with its exit code', async () => {
    const file = join(folder(), 'seen')
    expect(await command('run', '--', 'sh', '-c', `env > ${file}; exit 7`)).toMatchObject({ code: 7 })
    const seen = readFileSync(file, 'utf8')
    for (const name of [
      'HTTPS_PROXY',
      'https_proxy',
      'NO_PROXY',
      'SSL_CERT_FILE',
      'REQUESTS_CA_BUNDLE',
      'NODE_EXTRA_CA_CERTS'
    ]) {
      expect(seen).toMatch(new RegExp(`^${name}=.+$`, 'm'))
    }
    expect(seen).toMatch(/^JAVA_TOOL_OPTIONS=.*-Djavax\.net\.ssl\.trustStoreType=PKCS12/m)
    expect(seen).toMatch(/^WEIXIN_MP_APP_ID=wx/m)
    expect(seen).toContain(`NODE_EXTRA_CA_CERTS=${join(state, 'weixin-kit', 'simulator-ca.pem')}`)
  })

  it.skipIf(!hasProgram('curl'))('is reached by curl without an option', async () => {
    const file = join(folder(), 'seen')
    const script = `curl -sS https://api.weixin.qq.com/cgi-bin/getcallbackip > ${file}`
    expect(await command('run', '--', 'sh', '-c', script)).toMatchObject({ code: 0 })
    expect(readFileSync(file, 'utf8')).toContain('"errcode":41001')
  })

  it('leaves the proxy out for clients that lose their certificate behind one', async () => {
    const file = join(folder(), 'seen')
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.example:3128')
    expect((await command('run', '--no-proxy', '--', 'sh', '-c', `env > ${file}`)).code).toBe(0)
    const seen = readFileSync(file, 'utf8')
    expect(seen).toMatch(/^HTTPS_PROXY=$/m)
    expect(seen).toMatch(/^WEIXIN_SIMULATOR=http/m)
  })

  it.skipIf(!hasProgram('curl'))('refuses other hosts with the cure, and lets named ones through', async () => {
    const other = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nother'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.2', resolve))
    const url = `http://127.0.0.2:${(other.address() as AddressInfo).port}/`
    const file = join(folder(), 'seen')
    // curl makes a tunnel (-p) as it does for https.
    const script = `curl -sS -p ${url} > ${file} 2>&1`
    const refused = await command('run', '--log', '--', 'sh', '-c', script)
    expect(refused.code).not.toBe(0)
    expect(refused.errors).toContain('--pass-through 127.0.0.2')
    expect((await command('run', '--pass-through', '127.0.0.2', '--', 'sh', '-c', script)).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe('other')
    other.close()
  })

  it('says what is missing', async () => {
    expect(await command('run')).toMatchObject({
      code: 2,
      errors: expect.stringContaining('Name a command after "--"')
    })
    const missing = await command('run', '--', 'no-such-command')
    expect(missing).toMatchObject({ code: 2, errors: expect.stringContaining('no command "no-such-command"') })
  })

  it('writes the files of the merchant console', async () => {
    const credentials = join(folder(), 'certs')
    expect(await command('run', '--credentials', credentials, '--', 'true')).toMatchObject({ code: 0 })
    const { subject } = new X509Certificate(readFileSync(join(credentials, 'apiclient_cert.pem')))
    expect(subject).toMatch(/CN=16\d{8}/)
    expect(statSync(join(credentials, 'apiclient_key.pem')).mode & 0o077).toBe(0)
  })
})

describe('the certificate authority', () => {
  it('is random per machine, kept, for its owner only, and constrained to the simulated hosts', () => {
    const path = join(folder(), 'ca.pem')
    const first = keepAuthority(path, HOSTS)
    expect(first.lines.join()).toContain('new')
    expect(statSync(path.replace('.pem', '.key')).mode & 0o777).toBe(0o600)
    expect(keepAuthority(path, HOSTS)).toMatchObject({ lines: [] })
    expect(readFileSync(path, 'utf8')).toBe(first.authority.certificate.toString())
    const other = keepAuthority(join(folder(), 'ca.pem'), HOSTS)
    expect(other.authority.certificate.publicKey.equals(first.authority.certificate.publicKey)).toBe(false)
    if (!hasProgram('openssl')) return
    const text = String(execFileSync('openssl', ['x509', '-noout', '-text', '-in', path]))
    expect(text).toMatch(/Name Constraints: critical\s+Permitted:/)
    expect(text).toContain('DNS:api.weixin.qq.com')
    expect(text).toContain('DNS:qiniup.com')
    expect(text).toContain('IP:127.0.0.0/255.0.0.0')
    const store = execFileSync('openssl', [
      'pkcs12',
      '-in',
      path.replace('.pem', '.p12'),
      '-passin',
      'pass:changeit',
      '-nokeys'
    ])
    expect(String(store)).toContain('BEGIN CERTIFICATE')
  })

  it('is renewed after a year, for a new host, and when its key does not fit', () => {
    const path = join(folder(), 'ca.pem')
    keepAuthority(path, HOSTS)
    expect(keepAuthority(path, HOSTS, Date.now() + 360 * 86_400_000).lines.join()).toContain('a year old')
    expect(keepAuthority(path, [...HOSTS, 'cdn.shop.example'], Date.now()).lines.join()).toContain('cdn.shop.example')
    // Two configurations in turn do not renew it for ever.
    expect(keepAuthority(path, HOSTS).lines).toEqual([])
    writeFileSync(path.replace('.pem', '.key'), 'garbage')
    expect(keepAuthority(path, HOSTS).lines.join()).toContain('new')
  })

  it('is in memory, with one line, where nothing can be written', () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    const { path, lines } = keepAuthority(join(file, 'ca.pem'), HOSTS)
    expect(path).toBeUndefined()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('--ca-file')
  })

  it.skipIf(!hasProgram('openssl'))('cannot vouch for a foreign host', () => {
    const at = folder()
    const path = join(at, 'ca.pem')
    keepAuthority(path, HOSTS)
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: at, stdio: ['ignore', 'pipe', 'pipe'] })
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'leaf.key', '-subj', '/CN=x', '-out', 'leaf.csr')
    for (const [host, isTrusted] of [
      ['api.weixin.qq.com', true],
      ['bank.example.com', false]
    ] as const) {
      writeFileSync(join(at, 'san'), `subjectAltName=DNS:${host}\n`)
      openssl(
        'x509',
        '-req',
        '-in',
        'leaf.csr',
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-extfile',
        'san',
        '-days',
        '5',
        '-out',
        'leaf.pem',
        '-set_serial',
        '7'
      )
      const verify = () => openssl('verify', '-CAfile', 'ca.pem', 'leaf.pem')
      if (isTrusted) expect(String(verify())).toContain('OK')
      else expect(verify).toThrow(/permitted subtree violation/)
    }
  })
})
