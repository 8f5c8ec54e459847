import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import forge from 'node-forge'
import { describe, expect, test, vi } from 'vitest'
import { ConfigError } from '../../../../src/errors/index.ts'
import { loadPkcs12 } from '../../../../src/internal/pkcs12/index.ts'
import { fcParameters } from '../../../support/fc-parameters.ts'

vi.setConfig({ testTimeout: 600_000 })

const file = (name: string) => readFileSync(new URL(`../../../fixtures/pkcs12/${name}`, import.meta.url))
const PASSPHRASE = '1900000109'
const UNICODE = '密码 é🔑'
const KEY = file('key.pem').toString()
const CERTIFICATE = file('cert.pem').toString()
const CA = file('ca.pem').toString()

function errorOf(run: () => unknown): ConfigError | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return error as ConfigError
  }
}

const codeOf = (run: () => unknown) => errorOf(run)?.code

/** A DER value, for files that no tool would write. */
function der(tag: number, ...parts: (Buffer | number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const { length } = content
  const octets = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...octets]), content])
}

const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const integer = (value: number) => der(0x02, [0, value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255])
const octets = (...parts: (Buffer | number[])[]) => der(0x04, ...parts)
const DATA = oid('2a864886f70d010701')
const SHA1 = der(0x30, oid('2b0e03021a'), der(0x05))
const salt = Buffer.alloc(8, 7)

describe('files of OpenSSL and Java', () => {
  test.each([
    ['modern-aes-256.p12', PASSPHRASE, 1],
    ['legacy-rc2-40.p12', PASSPHRASE, 1],
    ['legacy-3des.p12', PASSPHRASE, 0],
    ['legacy-rc2-128-2des.p12', PASSPHRASE, 0],
    ['aes-128-sha512.p12', PASSPHRASE, 0],
    ['java.p12', PASSPHRASE, 1],
    ['java-legacy.p12', PASSPHRASE, 1],
    ['no-mac.p12', PASSPHRASE, 0],
    ['unencrypted.p12', PASSPHRASE, 0],
    ['empty-passphrase.p12', '', 0],
    ['empty-passphrase-legacy.p12', '', 0],
    ['unicode-passphrase.p12', UNICODE, 0],
    ['unicode-passphrase-legacy.p12', UNICODE, 0]
  ])('%s', (name, passphrase, others) => {
    const { key, certificate, chain } = loadPkcs12(file(name), passphrase)
    expect(key.type).toBe('private')
    expect(key.equals(createPrivateKey(KEY))).toBe(true)
    expect(certificate).toBe(CERTIFICATE)
    expect(chain).toEqual(others === 1 ? [CA] : [])
    expect(codeOf(() => loadPkcs12(file(name), `${passphrase}0`))).toBe('ERR_PKCS12_PASSWORD')
  })

  test('a key other than RSA', () => {
    const { key, certificate } = loadPkcs12(file('ec.p12'), PASSPHRASE)
    expect(key.asymmetricKeyType).toBe('ec')
    expect(new X509Certificate(certificate).checkPrivateKey(key)).toBe(true)
  })

  test('any view of the bytes', () => {
    const bytes = file('modern-aes-256.p12')
    const padded = new Uint8Array(bytes.length + 20)
    padded.set(bytes, 10)
    expect(loadPkcs12(padded.subarray(10, 10 + bytes.length), PASSPHRASE).certificate).toBe(CERTIFICATE)
  })
})

describe('vectors of RFC 9579 (PBMAC1)', () => {
  test.each(['rfc9579-a1.p12', 'rfc9579-a2.p12', 'rfc9579-a3.p12'])('%s opens', (name) => {
    const { key, certificate } = loadPkcs12(file(name), '1234')
    expect(new X509Certificate(certificate).checkPrivateKey(key)).toBe(true)
  })

  test.each([
    ['rfc9579-a4.p12', 'ERR_PKCS12_PASSWORD'],
    ['rfc9579-a5.p12', 'ERR_PKCS12_PASSWORD'],
    ['rfc9579-a6.p12', 'ERR_PKCS12_UNSUPPORTED']
  ])('%s does not', (name, code) => {
    expect(codeOf(() => loadPkcs12(file(name), '1234'))).toBe(code)
  })
})

describe('what node-forge writes', () => {
  const write = (passphrase: string, algorithm: 'aes256' | 'aes128' | '3des') =>
    Buffer.from(
      forge.asn1
        .toDer(
          forge.pkcs12.toPkcs12Asn1(
            forge.pki.privateKeyFromPem(KEY),
            [forge.pki.certificateFromPem(CERTIFICATE)],
            passphrase,
            {
              algorithm,
              count: 64
            }
          )
        )
        .getBytes(),
      'latin1'
    )

  test('opens with its passphrase and no other', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40 }),
        fc.constantFrom('aes256' as const, 'aes128' as const, '3des' as const),
        (passphrase, algorithm) => {
          const bytes = write(passphrase, algorithm)
          expect(loadPkcs12(bytes, passphrase).certificate).toBe(CERTIFICATE)
          expect(codeOf(() => loadPkcs12(bytes, `${passphrase}x`))).toBe('ERR_PKCS12_PASSWORD')
        }
      ),
      fcParameters(10, 500)
    )
  })
})

describe('indefinite lengths (BER)', () => {
  /** The same structure with every constructed value, and the first OCTET STRING, in the streaming form. */
  function toBer(bytes: Buffer, depth: number): Buffer {
    const pieces: Buffer[] = []
    for (let at = 0; at < bytes.length; ) {
      const tag = bytes[at] ?? 0
      const first = bytes[at + 1] ?? 0
      const header = first < 0x80 ? 2 : 2 + (first & 0x7f)
      const length = first < 0x80 ? first : bytes.readUIntBE(at + 2, first & 0x7f)
      const content = bytes.subarray(at + header, at + header + length)
      const end = Buffer.from([0, 0])
      if (tag & 0x20) pieces.push(Buffer.from([tag, 0x80]), toBer(content, depth + 1), end)
      else if (tag === 4 && depth === 3 && length > 500) {
        const half = length >> 1
        pieces.push(Buffer.from([0x24, 0x80]), der(4, content.subarray(0, half)), der(4, content.subarray(half)), end)
      } else pieces.push(bytes.subarray(at, at + header + length))
      at += header + length
    }
    return Buffer.concat(pieces)
  }

  test.each(['modern-aes-256.p12', 'legacy-rc2-40.p12'])('%s', (name) => {
    const ber = toBer(file(name), 0)
    expect(ber.subarray(0, 2).toString('hex')).toBe('3080')
    expect(ber.includes(Buffer.from([0x24, 0x80]))).toBe(true)
    expect(loadPkcs12(ber, PASSPHRASE).certificate).toBe(CERTIFICATE)
    expect(codeOf(() => loadPkcs12(ber.subarray(0, -2), PASSPHRASE))).toBe('ERR_PKCS12_MALFORMED')
  })
})

describe('errors say what to do', () => {
  const modern = file('modern-aes-256.p12')

  test('wrong passphrase', () => {
    const error = errorOf(() => loadPkcs12(modern, 'HUNTER2HUNTER2'))
    expect(error).toMatchObject({ code: 'ERR_PKCS12_PASSWORD', option: 'clientCert.pfx' })
    expect(error?.message).toContain('merchant id')
    expect(`${error?.stack}${JSON.stringify(error)}${String(error?.cause)}`).not.toContain('HUNTER2')
    expect(codeOf(() => loadPkcs12(modern, ''))).toBe('ERR_PKCS12_PASSWORD')
    expect(codeOf(() => loadPkcs12(modern, 1900000109 as unknown as string))).toBe('ERR_PKCS12_PASSWORD')
  })

  test('the option is the caller’s', () => {
    expect(errorOf(() => loadPkcs12(modern, 'x', 'merchants[1].pfx'))?.option).toBe('merchants[1].pfx')
    expect(errorOf(() => loadPkcs12(modern, 'x', 'merchants[1].pfx'))?.message).toContain('merchants[1].pfx')
  })

  test.each<[string, (bytes: Buffer) => unknown]>([
    ['a string', (bytes) => bytes.toString()],
    ['undefined', () => undefined],
    ['an ArrayBuffer', (bytes) => bytes.buffer],
    ['read as UTF-8', (bytes) => Buffer.from(bytes.toString('utf8'))],
    ['read as latin1', (bytes) => Buffer.from(bytes.toString('latin1'))],
    ['base64', (bytes) => Buffer.from(bytes.toString('base64'))],
    ['base64 in lines', (bytes) => Buffer.from(`\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}`)],
    ['PEM', () => Buffer.from(CERTIFICATE)]
  ])('%s', (_, damage) => {
    for (const name of ['modern-aes-256.p12', 'legacy-rc2-40.p12', 'ec.p12']) {
      expect(codeOf(() => loadPkcs12(damage(file(name)) as Uint8Array, PASSPHRASE))).toBe('ERR_PKCS12_ENCODING')
    }
  })

  test('unsupported algorithm', () => {
    const error = errorOf(() => loadPkcs12(file('legacy-rc4.p12'), PASSPHRASE))
    expect(error?.code).toBe('ERR_PKCS12_UNSUPPORTED')
    expect(error?.message).toContain('openssl pkcs12 -legacy')
  })

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['no certificate', file('no-certificate.p12')],
    ['no key', file('no-key.p12')],
    ['a certificate', new X509Certificate(CERTIFICATE).raw],
    ['a key', createPrivateKey(KEY).export({ type: 'pkcs8', format: 'der' })],
    ['zeros', new Uint8Array(3000)],
    ['text', Buffer.from('<html>404 Not Found</html>')],
    ['too much', new Uint8Array(300_000).fill(0x30)],
    ['something after it', Buffer.concat([modern, Buffer.from('x')])]
  ])('%s', (_, bytes) => {
    expect(codeOf(() => loadPkcs12(bytes, PASSPHRASE))).toBe('ERR_PKCS12_MALFORMED')
  })

  test('a certificate of another key', () => {
    const other = createPublicKey(CERTIFICATE)
    expect(other.asymmetricKeyType).toBe('rsa')
    const key = createPrivateKey(KEY).export({ type: 'pkcs8', format: 'der' })
    const keyBag = der(0x30, oid('2a864886f70d010c0a0101'), der(0xa0, key))
    const certificateBag = der(
      0x30,
      oid('2a864886f70d010c0a0103'),
      der(0xa0, der(0x30, oid('2a864886f70d01091601'), der(0xa0, octets(new X509Certificate(CA).raw))))
    )
    const info = (content: Buffer) => der(0x30, DATA, der(0xa0, octets(content)))
    const pfx = der(0x30, integer(3), info(der(0x30, info(der(0x30, keyBag, certificateBag)))))
    expect(errorOf(() => loadPkcs12(pfx, PASSPHRASE))).toMatchObject({
      code: 'ERR_PKCS12_MALFORMED',
      message: expect.stringContaining('belongs to its private key')
    })
  })

  test('every truncation', () => {
    for (const name of ['modern-aes-256.p12', 'legacy-rc2-40.p12']) {
      const bytes = file(name)
      for (let length = 0; length < bytes.length; length++) {
        expect(codeOf(() => loadPkcs12(bytes.subarray(0, length), PASSPHRASE))).toBe('ERR_PKCS12_MALFORMED')
      }
    }
  })
})

describe('hostile files end soon', () => {
  const info = (content: Buffer) => der(0x30, DATA, der(0xa0, octets(content)))
  const macData = (iterations: number) =>
    der(0x30, der(0x30, SHA1, octets(Buffer.alloc(20))), octets(salt), integer(iterations))
  const pbkdf2 = (iterations: number) =>
    der(0x30, oid('2a864886f70d01050c'), der(0x30, octets(salt), integer(iterations)))
  const aes = der(0x30, oid('60864801650304012a'), octets(Buffer.alloc(16)))
  const pbes2 = (iterations: number) => der(0x30, oid('2a864886f70d01050d'), der(0x30, pbkdf2(iterations), aes))
  const pbe3des = (iterations: number) =>
    der(0x30, oid('2a864886f70d010c0103'), der(0x30, octets(salt), integer(iterations)))
  const keyBag = (algorithm: Buffer) =>
    der(0x30, oid('2a864886f70d010c0a0102'), der(0xa0, der(0x30, algorithm, octets(Buffer.alloc(32)))))
  const pfx = (bags: Buffer[], ...mac: Buffer[]) =>
    der(0x30, integer(3), info(der(0x30, info(der(0x30, ...bags)))), ...mac)

  test.each<[string, () => Uint8Array, string]>([
    ['MAC iterations', () => pfx([], macData(0x7fffffff)), 'ERR_PKCS12_UNSUPPORTED'],
    ['no MAC iterations', () => pfx([], macData(0)), 'ERR_PKCS12_UNSUPPORTED'],
    [
      'negative MAC iterations',
      () => pfx([], der(0x30, der(0x30, SHA1, octets(Buffer.alloc(20))), octets(salt), der(2, [0x80]))),
      'ERR_PKCS12_UNSUPPORTED'
    ],
    ['PBKDF2 iterations', () => pfx([keyBag(pbes2(0x7fffffff))]), 'ERR_PKCS12_UNSUPPORTED'],
    ['3DES iterations', () => pfx([keyBag(pbe3des(0x7fffffff))]), 'ERR_PKCS12_UNSUPPORTED'],
    [
      'a long salt',
      () => pfx([], der(0x30, der(0x30, SHA1, octets(Buffer.alloc(20))), octets(Buffer.alloc(5000)), integer(1))),
      'ERR_PKCS12_UNSUPPORTED'
    ],
    [
      'nested values',
      () => Array.from({ length: 5000 }).reduce<Buffer>((inner) => der(0x30, inner), Buffer.alloc(0)),
      'ERR_PKCS12_MALFORMED'
    ],
    ['open lengths', () => Buffer.alloc(200_000, Buffer.from([0x30, 0x80])), 'ERR_PKCS12_MALFORMED'],
    ['many values', () => der(0x30, Buffer.alloc(60_000, Buffer.from([0x05, 0x00]))), 'ERR_PKCS12_MALFORMED'],
    ['a huge length', () => Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0]), 'ERR_PKCS12_MALFORMED']
  ])('%s', (_, bytes, code) => {
    const start = performance.now()
    expect(codeOf(() => loadPkcs12(bytes(), PASSPHRASE))).toBe(code)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('any input', () => {
  test('arbitrary bytes give a ConfigError', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 100 }).map((content) => der(0x30, [2, 1, 3], Buffer.from(content))),
      fc
        .array(fc.constantFrom(0x30, 0x80, 0x82, 0x04, 0x06, 0x02, 0xa0, 0x24, 0, 1, 5), { maxLength: 60 })
        .map((list) => Buffer.from(list))
    )
    fc.assert(
      fc.property(bytes, fc.string(), (pfx, passphrase) => {
        expect(codeOf(() => loadPkcs12(pfx, passphrase))).toMatch(/^ERR_PKCS12_/)
      }),
      fcParameters(2000)
    )
  })

  test('changed bytes of a valid file give a ConfigError or the same key', () => {
    const valid = file('modern-aes-256.p12')
    const plain = file('unencrypted.p12')
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(fc.constantFrom(valid, plain), changes, (original, list) => {
        const bytes = Buffer.from(original)
        for (const [at, byte] of list) bytes[at % bytes.length] = byte
        const code = codeOf(() => expect(loadPkcs12(bytes, PASSPHRASE).key.equals(createPrivateKey(KEY))).toBe(true))
        if (code !== undefined) expect(code).toMatch(/^ERR_PKCS12_/)
      }),
      // A case that passes the outer structure costs 5 ms.
      fcParameters(300, 20_000)
    )
  })

  test('changed bytes of a file without any protection reach every reader', () => {
    const original = file('unprotected.p12')
    expect(loadPkcs12(original, '').certificate).toBe(CERTIFICATE)
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = Buffer.from(original)
        for (const [at, byte] of list) bytes[at % bytes.length] = byte
        const code = codeOf(() => loadPkcs12(bytes, ''))
        if (code !== undefined) expect(code).toMatch(/^ERR_PKCS12_/)
      }),
      fcParameters(500, 20_000)
    )
  })
})
