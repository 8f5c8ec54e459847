import { beforeAll, describe, expect, it } from 'vitest'
import { createCertCommand } from '../../../src/cli/cert-command.ts'
import { type Command, UsageError } from '../../../src/cli/command.ts'
import type { CliInput } from '../../../src/cli/input.ts'
import { createSignCommand } from '../../../src/cli/sign-command.ts'
import { type MerchantCertificates, merchantCertificates } from '../../support/merchant-certificates.ts'
import { API_KEY, errorOf, MCH_ID, signFields, toXml } from '../../support/pay-v2.ts'

async function run(
  make: (input: CliInput) => Command,
  files: Record<string, string | Buffer>,
  env: Record<string, string>,
  ...args: string[]
) {
  let output = ''
  const input: CliInput = {
    read: async (file) => Buffer.from(files[file ?? '-'] ?? ''),
    env: () => env
  }
  const io = {
    out: (text: string) => {
      output += text
    },
    error: () => undefined,
    isColored: false,
    signal: new AbortController().signal
  }
  return { code: await make(input).run(args, io), output }
}

const FIELDS = { appid: 'wx1', mch_id: MCH_ID, body: '茶', nonce_str: 'n', attach: '' }
const env = { WEIXIN_PAY_API_KEY: API_KEY }

describe('weixin-kit sign', () => {
  it.each([
    ['XML', toXml({ ...FIELDS, sign: signFields(FIELDS, 'MD5') })],
    ['JSON', JSON.stringify({ ...FIELDS, sign: signFields(FIELDS, 'MD5') })]
  ])('explains %s of the standard input', async (_what, message) => {
    const { code, output } = await run(createSignCommand, { '-': message }, env)
    expect(code).toBe(0)
    expect(output).toContain(`text         appid=wx1&body=茶&mch_id=${MCH_ID}&nonce_str=n&key=******`)
    expect(output).toContain('right for    MD5')
    expect(output).toContain('left out     ')
    expect(output).not.toContain(API_KEY)
  })

  it('says what is wrong, in either language or as JSON, and fails', async () => {
    const files = { 'a.json': JSON.stringify({ ...FIELDS, sign: signFields(FIELDS, 'MD5').toLowerCase() }) }
    const { code, output } = await run(createSignCommand, files, env, 'a.json')
    expect(code).toBe(1)
    expect(output).toContain('! The signature is in lower case')
    expect((await run(createSignCommand, files, env, 'a.json', '--zh')).output).toContain('! 签名未转为大写')
    const json = await run(createSignCommand, files, env, '--json', 'a.json')
    expect(JSON.parse(json.output)).toMatchObject({ causes: [{ isCertain: true }, {}, {}, {}, {}, {}] })
  })

  it('refuses what is no message, and a key on the command line', async () => {
    expect(await errorOf(() => run(createSignCommand, { '-': '{}' }, {}))).toBeInstanceOf(UsageError)
    expect(await errorOf(() => run(createSignCommand, { '-': '[1]' }, env))).toBeInstanceOf(UsageError)
    expect((await errorOf(() => run(createSignCommand, { '-': 'x' }, env))).code).toBe('ERR_BODY_MALFORMED')
    expect((await errorOf(() => run(createSignCommand, { '-': '{}' }, env, '--key', API_KEY))).code).toMatch(
      /^ERR_PARSE_ARGS/
    )
  })
})

describe('weixin-kit cert', () => {
  let certificates: MerchantCertificates
  let files: Record<string, string | Buffer>
  beforeAll(() => {
    certificates = merchantCertificates(MCH_ID)
    const { cert, key, modernPfx, legacyPfx, strangerKey, serverCert } = certificates
    const der = Buffer.from(cert.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    files = { cert, key, modernPfx, legacyPfx, strangerKey, serverCert, der, '-': cert }
  })
  const p12 = { WEIXIN_PAY_MCH_ID: MCH_ID }

  it.each<[string, string[]]>([
    ['a modern .p12', ['modernPfx']],
    ['a legacy .p12', ['legacyPfx']],
    ['a PEM file', ['cert']],
    ['DER', ['der']],
    ['the standard input', []]
  ])('shows %s without its keys', async (_what, args) => {
    const { code, output } = await run(createCertCommand, files, p12, ...args)
    expect(code).toBe(0)
    expect(output).toContain('serial       A1B2C3D4E')
    expect(output).toContain(`merchant id  ${MCH_ID}`)
    expect(output).toMatch(/valid until {2}\S+Z \(\d+ days left\)/)
    expect(output).not.toContain('PRIVATE')
    expect(output.includes('belongs to it')).toBe(args[0]?.endsWith('Pfx') ?? false)
  })

  it('compares a key, and fails when it is another', async () => {
    const right = await run(createCertCommand, files, {}, 'cert', '--key', 'key')
    expect([right.code, right.output.includes('private key  belongs to it')]).toEqual([0, true])
    const wrong = await run(createCertCommand, files, {}, 'cert', '--key', 'strangerKey')
    expect([wrong.code, wrong.output.includes('DOES NOT BELONG')]).toEqual([1, true])
    expect(await errorOf(() => run(createCertCommand, files, {}, 'cert', '--key', 'cert'))).toBeInstanceOf(UsageError)
  })

  it('fails for an expired certificate', async () => {
    const later = (input: CliInput) => createCertCommand(input, () => Date.UTC(2200, 0))
    const { code, output } = await run(later, files, {}, 'cert', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(output)).toMatchObject({ serial: 'A1B2C3D4E', merchantId: MCH_ID, daysLeft: expect.any(Number) })
  })

  it('shows a certificate that is no merchant’s', async () => {
    expect((await run(createCertCommand, files, {}, 'serverCert')).output).toContain('- (common name localhost)')
  })

  it('says what is missing or wrong', async () => {
    expect(await errorOf(() => run(createCertCommand, files, {}, 'modernPfx'))).toBeInstanceOf(UsageError)
    const wrong = await errorOf(() => run(createCertCommand, files, { WEIXIN_PAY_P12_PASSPHRASE: 'x' }, 'modernPfx'))
    expect(wrong.code).toBe('ERR_PKCS12_PASSWORD')
    const key = await errorOf(() => run(createCertCommand, files, {}, 'key'))
    expect([key.code, key.message.includes('private key')]).toEqual(['ERR_CONFIG', true])
  })
})
