import { nodeCrypto } from '../node-crypto.ts'
import { childOf, type DerNode, integerOf, octetsOf, oidOf, TAG } from './der.ts'
import { UnsupportedError } from './unsupported-error.ts'

/** A passphrase in both forms that PKCS#12 uses: UTF-16 with a terminator for the old derivation, UTF-8 for PBKDF2. */
export interface Passphrase {
  readonly utf16: Buffer
  readonly utf8: Buffer
}

// Files in the wild have 1 to 100,000 rounds per derivation. Without a limit a forged file could block the process for
// hours.
const MAX_ROUNDS = 2_000_000
const MAX_SALT_BYTES = 1024

/** Counts the rounds of hashing that a file requires. */
export class RoundBudget {
  #left = MAX_ROUNDS

  spend(iterations: number, blocks: number): void {
    if (iterations < 1) throw new UnsupportedError(`an iteration count of ${iterations}`)
    this.#left -= iterations * blocks
    if (this.#left < 0) throw new UnsupportedError(`key derivation with more than ${MAX_ROUNDS} rounds in total`)
  }
}

export const DIGESTS: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512'
}

export const HMACS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512'
}

const PBKDF2 = '1.2.840.113549.1.5.12'
export const DIGEST_BYTES: Readonly<Record<string, number>> = {
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64
}

export interface Pkcs12Derivation {
  digest: string
  passphrase: Passphrase
  salt: Buffer
  /** 1 cipher key, 2 initialisation vector, 3 MAC key. */
  purpose: 1 | 2 | 3
  iterations: number
  length: number
  budget: RoundBudget
}

/** Key derivation of RFC 7292, appendix B.2, which node:crypto does not provide. */
export function derivePkcs12(derivation: Pkcs12Derivation): Buffer {
  const { digest, passphrase, salt, purpose, iterations, length, budget } = derivation
  const digestBytes = DIGEST_BYTES[digest] ?? 0
  const blockBytes = digestBytes > 32 ? 128 : 64
  checkSalt(salt)
  budget.spend(iterations, Math.ceil(length / digestBytes))

  const diversifier = Buffer.alloc(blockBytes, purpose)
  const input = Buffer.concat([fillBlocks(salt, blockBytes), fillBlocks(passphrase.utf16, blockBytes)])
  const derived: Buffer[] = []
  for (let have = 0; have < length; have += digestBytes) {
    let block = nodeCrypto().createHash(digest).update(diversifier).update(input).digest()
    for (let round = 1; round < iterations; round++) block = nodeCrypto().createHash(digest).update(block).digest()
    derived.push(block)
    addToEachBlock(input, fillBlocks(block, blockBytes).subarray(0, blockBytes))
  }
  return Buffer.concat(derived).subarray(0, length)
}

/** Repeats `bytes` to a whole number of blocks; an empty array stays empty. */
function fillBlocks(bytes: Buffer, blockBytes: number): Buffer {
  const length = Math.ceil(bytes.length / blockBytes) * blockBytes
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes)
}

/** Adds `addend` + 1 to every block of `input`, each taken as one big-endian number. */
function addToEachBlock(input: Buffer, addend: Buffer): void {
  const size = addend.length
  for (let start = 0; start < input.length; start += size) {
    let carry = 1
    for (let at = size - 1; at >= 0; at--) {
      const sum = (input[start + at] ?? 0) + (addend[at] ?? 0) + carry
      input[start + at] = sum & 0xff
      carry = sum >> 8
    }
  }
}

/**
 * PBKDF2 with the parameters of an AlgorithmIdentifier (RFC 8018). `keyBytes` is what the cipher needs; for a MAC the
 * file states it.
 */
export function derivePbkdf2(
  algorithm: DerNode,
  passphrase: Passphrase,
  keyBytes: number | undefined,
  budget: RoundBudget
): Buffer {
  const kdf = oidOf(childOf(algorithm, 0, TAG.oid))
  if (kdf !== PBKDF2) throw new UnsupportedError(`key derivation ${kdf}`)
  const parameters = childOf(algorithm, 1, TAG.sequence)
  const salt = octetsOf(childOf(parameters, 0, TAG.octetString))
  const iterations = integerOf(childOf(parameters, 1, TAG.integer))
  const third = parameters.children[2]
  const stated = third?.tag === TAG.integer ? integerOf(third) : undefined
  const prf = parameters.children[stated === undefined ? 2 : 3]
  const hmac = prf === undefined ? '1.2.840.113549.2.7' : oidOf(childOf(prf, 0, TAG.oid))
  const digest = HMACS[hmac]
  if (digest === undefined) throw new UnsupportedError(`pseudo-random function ${hmac}`)
  const length = keyBytes ?? stated ?? 0
  // RFC 9579, section 5: a MAC under a key of a few bits could be forged.
  const shortest = keyBytes ?? 20
  if (length < shortest || length > 64 || (stated ?? length) !== length) {
    throw new UnsupportedError(`a derived key of ${stated === undefined ? 'unstated length' : `${stated} bytes`}`)
  }
  checkSalt(salt)
  // One HMAC takes two compressions per hash length of key.
  budget.spend(iterations, Math.ceil(length / (DIGEST_BYTES[digest] ?? 1)))
  return nodeCrypto().pbkdf2Sync(passphrase.utf8, salt, iterations, length, digest)
}

function checkSalt(salt: Buffer): void {
  if (salt.length > MAX_SALT_BYTES) throw new UnsupportedError(`a salt of ${salt.length} bytes`)
}
