import { execFileSync } from 'node:child_process'
import { createSecureContext } from 'node:tls'
import forge from 'node-forge'
import { describe, expect, it } from 'vitest'
import { KeyRing } from '../../../src/simulator/crypto/key-ring.ts'
import { createPkcs12 } from '../../../src/simulator/crypto/pkcs12.ts'
import { hasProgram } from '../../support/has-program.ts'

const ring = new KeyRing(() => Date.UTC(2025, 5, 1), 'test')
const identity = ring.merchant('1600000001')
const p12 = (kind: 'modern' | 'legacy') =>
  createPkcs12({ key: identity.privateKey, certificate: identity.certificate, passphrase: '1600000001', kind })

describe('certificates', () => {
  it.skipIf(!hasProgram('openssl'))('are read by OpenSSL and dated from the clock', () => {
    const text = execFileSync('openssl', ['x509', '-noout', '-text'], { input: identity.certificatePem }).toString()
    expect(text).toContain('CN = 1600000001')
    expect(text).toMatch(/Not Before: May {2}2 00:00:00 2025 GMT/)
    expect(identity.certificate.checkPrivateKey(identity.privateKey)).toBe(true)
    expect(identity.serialNumber).toMatch(/^[1-9A-F][0-9A-F]{39}$/)
  })

  it('are the same for the same seed and differ between accounts', () => {
    expect(new KeyRing(() => Date.UTC(2025, 5, 1), 'test').merchant('1600000001').certificatePem).toBe(
      identity.certificatePem
    )
    expect(ring.merchant('1600000002').serialNumber).not.toBe(identity.serialNumber)
    expect(ring.platform().serialNumber).not.toBe(ring.platform(1).serialNumber)
    expect(ring.publicKeyId).toMatch(/^PUB_KEY_ID_\d{28}$/)
  })
})

describe('p12 files', () => {
  it('modern ones are read by node', () => {
    expect(() => createSecureContext({ pfx: p12('modern'), passphrase: '1600000001' })).not.toThrow()
    expect(() => createSecureContext({ pfx: p12('modern'), passphrase: 'wrong' })).toThrow(/mac verify failure/)
  })

  it('legacy ones are refused by OpenSSL 3 without its legacy provider, as real ones are', () => {
    expect(() => createSecureContext({ pfx: p12('legacy'), passphrase: '1600000001' })).toThrow(/Unsupported PKCS12/)
  })

  it('both kinds are read by node-forge with the same key and certificate', () => {
    for (const kind of ['modern', 'legacy'] as const) {
      const asn1 = forge.asn1.fromDer(p12(kind).toString('binary'))
      const store = forge.pkcs12.pkcs12FromAsn1(asn1, true, '1600000001')
      const bags = store.getBags({ bagType: forge.pki.oids.certBag ?? '' })
      const certificate = Object.values(bags).flat()[0]?.cert
      expect(certificate?.serialNumber.toUpperCase()).toBe(identity.serialNumber)
      expect(
        Object.values(store.getBags({ bagType: forge.pki.oids.pkcs8ShroudedKeyBag ?? '' })).flat()[0]?.key
      ).toBeTruthy()
    }
  })
})
