import { nodeCrypto } from '../node-crypto.ts'
import { childOf, type DerNode, integerOf, octetsOf, oidOf, TAG } from './der.ts'
import {
  DIGEST_BYTES,
  DIGESTS,
  derivePbkdf2,
  derivePkcs12,
  HMACS,
  type Passphrase,
  type RoundBudget
} from './key-derivation.ts'
import { UnsupportedError } from './unsupported-error.ts'

const PBMAC1 = '1.2.840.113549.1.5.14'

/** Whether the MAC of the file (MacData of RFC 7292, also with PBMAC1 of RFC 9579) matches the passphrase. */
export function verifyMac(macData: DerNode, content: Buffer, passphrase: Passphrase, budget: RoundBudget): boolean {
  const digestInfo = childOf(macData, 0, TAG.sequence)
  const expected = octetsOf(childOf(digestInfo, 1, TAG.octetString))
  const algorithm = childOf(digestInfo, 0, TAG.sequence)
  const name = oidOf(childOf(algorithm, 0, TAG.oid))
  if (name === PBMAC1) {
    const parameters = childOf(algorithm, 1, TAG.sequence)
    const hmac = oidOf(childOf(childOf(parameters, 1, TAG.sequence), 0, TAG.oid))
    const digest = HMACS[hmac]
    if (digest === undefined) throw new UnsupportedError(`MAC ${hmac}`)
    const key = derivePbkdf2(childOf(parameters, 0, TAG.sequence), passphrase, undefined, budget)
    return equals(nodeCrypto().createHmac(digest, key).update(content).digest(), expected)
  }
  const digest = DIGESTS[name]
  if (digest === undefined) throw new UnsupportedError(`MAC ${name}`)
  const salt = octetsOf(childOf(macData, 1, TAG.octetString))
  const iterations = macData.children.length > 2 ? integerOf(childOf(macData, 2, TAG.integer)) : 1
  const length = DIGEST_BYTES[digest] ?? 0
  const key = derivePkcs12({ digest, passphrase, salt, purpose: 3, iterations, length, budget })
  return equals(nodeCrypto().createHmac(digest, key).update(content).digest(), expected)
}

function equals(actual: Buffer, expected: Buffer): boolean {
  return actual.length === expected.length && nodeCrypto().timingSafeEqual(actual, expected)
}
