import { decryptContent } from './decrypt-content.ts'
import { childOf, DerError, type DerNode, octetsOf, oidOf, readDer, TAG } from './der.ts'
import type { Passphrase, RoundBudget } from './key-derivation.ts'
import { UnsupportedError } from './unsupported-error.ts'

const DATA = '1.2.840.113549.1.7.1'
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6'
const BAG = '1.2.840.113549.1.12.10.1.'
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1'
const MAX_NESTED_BAGS = 4
const MAX_BAGS = 100

export interface Bags {
  /** PKCS#8, decrypted. */
  readonly keys: Buffer[]
  /** DER. */
  readonly certificates: Buffer[]
}

/** Content of a ContentInfo of type data. */
export function dataOf(contentInfo: DerNode): Buffer {
  const type = oidOf(childOf(contentInfo, 0, TAG.oid))
  if (type !== DATA) throw new UnsupportedError(`content of type ${type}`)
  return octetsOf(childOf(childOf(contentInfo, 1, TAG.context0), 0, TAG.octetString, TAG.octetString | 0x20))
}

/** Collects keys and certificates from the AuthenticatedSafe. */
export function readBags(authenticatedSafe: Buffer, passphrase: Passphrase, budget: RoundBudget): Bags {
  const bags: Bags = { keys: [], certificates: [] }
  const safe = readDer(authenticatedSafe)
  if (safe.tag !== TAG.sequence) throw new DerError('no AuthenticatedSafe')
  for (const contentInfo of safe.children) {
    const type = oidOf(childOf(contentInfo, 0, TAG.oid))
    const contents = type === ENCRYPTED_DATA ? decryptData(contentInfo, passphrase, budget) : dataOf(contentInfo)
    readSafeContents(readDer(contents), bags, 0, passphrase, budget)
  }
  return bags
}

function decryptData(contentInfo: DerNode, passphrase: Passphrase, budget: RoundBudget): Buffer {
  const encryptedData = childOf(childOf(contentInfo, 1, TAG.context0), 0, TAG.sequence)
  const info = childOf(encryptedData, 1, TAG.sequence)
  const ciphertext = octetsOf(childOf(info, 2, 0x80, 0xa0))
  return decryptContent(childOf(info, 1, TAG.sequence), ciphertext, passphrase, budget)
}

function readSafeContents(
  contents: DerNode,
  bags: Bags,
  depth: number,
  passphrase: Passphrase,
  budget: RoundBudget
): void {
  if (contents.tag !== TAG.sequence || depth > MAX_NESTED_BAGS) throw new DerError('no SafeContents')
  for (const bag of contents.children) {
    if (bags.keys.length + bags.certificates.length >= MAX_BAGS)
      throw new UnsupportedError(`more than ${MAX_BAGS} entries`)
    const type = oidOf(childOf(bag, 0, TAG.oid))
    const value = childOf(bag, 1, TAG.context0)
    switch (type) {
      case `${BAG}1`:
        bags.keys.push(childOf(value, 0, TAG.sequence).raw)
        break
      case `${BAG}2`: {
        const encrypted = childOf(value, 0, TAG.sequence)
        const algorithm = childOf(encrypted, 0, TAG.sequence)
        const ciphertext = octetsOf(childOf(encrypted, 1, TAG.octetString, TAG.octetString | 0x20))
        bags.keys.push(decryptContent(algorithm, ciphertext, passphrase, budget))
        break
      }
      case `${BAG}3`: {
        const certificate = childOf(value, 0, TAG.sequence)
        if (oidOf(childOf(certificate, 0, TAG.oid)) !== X509_CERTIFICATE) break
        const octets = childOf(childOf(certificate, 1, TAG.context0), 0, TAG.octetString, TAG.octetString | 0x20)
        bags.certificates.push(octetsOf(octets))
        break
      }
      case `${BAG}6`:
        readSafeContents(childOf(value, 0, TAG.sequence), bags, depth + 1, passphrase, budget)
        break
      // Revocation lists and secrets are irrelevant for a client certificate.
      default:
    }
  }
}
