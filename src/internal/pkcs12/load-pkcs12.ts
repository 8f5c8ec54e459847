import type { KeyObject } from 'node:crypto'
import { ConfigError, type Pkcs12ErrorCode } from '../../errors/index.ts'
import { nodeCrypto } from '../node-crypto.ts'
import { PaddingError } from './decrypt-content.ts'
import { childOf, DerError, integerOf, readDer, TAG } from './der.ts'
import { findTextDamage } from './find-text-damage.ts'
import { type Passphrase, RoundBudget } from './key-derivation.ts'
import { type Bags, dataOf, readBags } from './read-bags.ts'
import { UnsupportedError } from './unsupported-error.ts'
import { verifyMac } from './verify-mac.ts'

const MAX_BYTES = 256 * 1024

export interface LoadedPkcs12 {
  key: KeyObject
  /** PEM of the certificate that belongs to the key. */
  certificate: string
  /** PEM of the other certificates. */
  chain: string[]
}

/**
 * Opens a .p12 file (PKCS#12): current ones with AES and PBKDF2, and old ones with RC2 and 3DES, which OpenSSL 3 and
 * therefore Node refuse. For WeChat Pay the passphrase is the merchant id.
 *
 * @param option name of the option that errors name
 * @throws {ConfigError} `ERR_PKCS12_PASSWORD`, `ERR_PKCS12_ENCODING`, `ERR_PKCS12_UNSUPPORTED`, `ERR_PKCS12_MALFORMED`
 */
export function loadPkcs12(pfx: Uint8Array, passphrase: string, option = 'clientCert.pfx'): LoadedPkcs12 {
  const fail = (code: Pkcs12ErrorCode, message: string) => new ConfigError(`${option}: ${message}`, { code, option })
  if (!(pfx instanceof Uint8Array)) {
    throw fail('ERR_PKCS12_ENCODING', 'expected the bytes of the .p12 file: readFileSync(path) without an encoding.')
  }
  const bytes = Buffer.from(pfx.buffer, pfx.byteOffset, pfx.byteLength)
  if (typeof passphrase !== 'string') {
    throw fail('ERR_PKCS12_PASSWORD', 'the passphrase must be a string. For WeChat Pay it is the merchant id (mchId).')
  }
  const damage = findTextDamage(bytes)
  if (damage) throw fail(damage.code, damage.message)
  if (bytes.length > MAX_BYTES)
    throw fail('ERR_PKCS12_MALFORMED', `${bytes.length} bytes is too large for a .p12 file.`)
  try {
    return selectKeyAndCertificates(openBags(bytes, passphrase))
  } catch (error) {
    if (error instanceof ConfigError) throw error
    if (error instanceof WrongPassphraseError) {
      throw fail(
        'ERR_PKCS12_PASSWORD',
        'the passphrase does not open the file. For WeChat Pay it is the merchant id (mchId).'
      )
    }
    if (error instanceof UnsupportedError) throw fail('ERR_PKCS12_UNSUPPORTED', `${explainUnsupported(error.message)}`)
    if (error instanceof ContentError) throw fail('ERR_PKCS12_MALFORMED', error.message)
    const problem = `not a complete .p12 file (${problemOf(error)}). Download or copy it again in binary mode.`
    throw fail('ERR_PKCS12_MALFORMED', problem)
  }
}

class WrongPassphraseError extends Error {}
class ContentError extends Error {}

function openBags(bytes: Buffer, text: string): Bags {
  const pfx = readDer(bytes)
  if (pfx.tag !== TAG.sequence || integerOf(childOf(pfx, 0, TAG.integer)) !== 3) throw new DerError('not PKCS#12')
  const authenticatedSafe = dataOf(childOf(pfx, 1, TAG.sequence))
  const macData = pfx.children[2]
  const budget = new RoundBudget()
  for (const passphrase of formsOf(text)) {
    if (macData && !verifyMac(macData, authenticatedSafe, passphrase, budget)) continue
    try {
      return readBags(authenticatedSafe, passphrase, budget)
    } catch (error) {
      // Without a MAC, a wrong passphrase first shows in the padding or structure.
      if (!macData && (error instanceof PaddingError || error instanceof DerError)) continue
      throw error
    }
  }
  throw new WrongPassphraseError()
}

function formsOf(text: string): Passphrase[] {
  const utf8 = Buffer.from(text, 'utf8')
  const utf16 = Buffer.from(`${text}\0`, 'utf16le').swap16()
  // Some tools encode an empty passphrase with its terminator, others without.
  return text === ''
    ? [
        { utf8, utf16 },
        { utf8, utf16: Buffer.alloc(0) }
      ]
    : [{ utf8, utf16 }]
}

function selectKeyAndCertificates({ keys, certificates }: Bags): LoadedPkcs12 {
  if (keys.length === 0)
    throw new ContentError('the file contains no private key. Export it again with key and certificate.')
  if (certificates.length === 0)
    throw new ContentError('the file contains no certificate. Export it again with key and certificate.')
  const parsed = certificates.map((der) => new (nodeCrypto().X509Certificate)(der))
  for (const der of keys) {
    const key = nodeCrypto().createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    const leaf = parsed.find((certificate) => certificate.checkPrivateKey(key))
    if (!leaf) continue
    const chain = parsed.filter((certificate) => certificate !== leaf).map((certificate) => certificate.toString())
    return { key, certificate: leaf.toString(), chain }
  }
  throw new ContentError('no certificate in the file belongs to its private key.')
}

function problemOf(error: unknown): string {
  if (error instanceof DerError) return error.message
  if (error instanceof PaddingError) return 'its content cannot be decrypted'
  // Messages of OpenSSL about a key may quote it, so they are not passed on.
  return 'its key or certificate is damaged'
}

function explainUnsupported(what: string): string {
  return (
    `the file uses ${what}, which is not supported. Convert it with ` +
    '"openssl pkcs12 -legacy -in apiclient_cert.p12 -nodes -out apiclient.pem" and pass the key and certificate as PEM.'
  )
}
