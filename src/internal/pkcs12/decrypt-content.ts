import type { Decipher } from 'node:crypto'
import { orMissingPackage } from '../missing-package.ts'
import { nodeCrypto } from '../node-crypto.ts'
import { loadNodeForge } from '../packages/node-forge.ts'
import { childOf, type DerNode, integerOf, octetsOf, oidOf, TAG } from './der.ts'
import { derivePbkdf2, derivePkcs12, type Passphrase, type RoundBudget } from './key-derivation.ts'
import { UnsupportedError } from './unsupported-error.ts'

const PBES2 = '1.2.840.113549.1.5.13'

/** Password-based encryption schemes of PKCS#12 (RFC 7292, appendix C), always with SHA-1. */
const PBE_PKCS12: Readonly<Record<string, { cipher: string; keyBytes: number }>> = {
  '1.2.840.113549.1.12.1.3': { cipher: 'des-ede3-cbc', keyBytes: 24 },
  '1.2.840.113549.1.12.1.4': { cipher: 'des-ede-cbc', keyBytes: 16 },
  '1.2.840.113549.1.12.1.5': { cipher: 'rc2', keyBytes: 16 },
  '1.2.840.113549.1.12.1.6': { cipher: 'rc2', keyBytes: 5 }
}

const PBES2_CIPHERS: Readonly<Record<string, { cipher: string; keyBytes: number; ivBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { cipher: 'aes-128-cbc', keyBytes: 16, ivBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { cipher: 'aes-192-cbc', keyBytes: 24, ivBytes: 16 },
  '2.16.840.1.101.3.4.1.42': { cipher: 'aes-256-cbc', keyBytes: 32, ivBytes: 16 },
  '1.2.840.113549.3.7': { cipher: 'des-ede3-cbc', keyBytes: 24, ivBytes: 8 }
}

/** Internal: the padding is wrong after decryption. */
export class PaddingError extends Error {}

/** Decrypts content as its AlgorithmIdentifier (PKCS#12 or PKCS#8) describes. */
export function decryptContent(algorithm: DerNode, data: Buffer, passphrase: Passphrase, budget: RoundBudget): Buffer {
  const name = oidOf(childOf(algorithm, 0, TAG.oid))
  const parameters = childOf(algorithm, 1, TAG.sequence)
  if (name === PBES2) return decryptPbes2(parameters, data, passphrase, budget)
  const scheme = PBE_PKCS12[name]
  if (!scheme) throw new UnsupportedError(`encryption ${name}`)
  const salt = octetsOf(childOf(parameters, 0, TAG.octetString))
  const iterations = integerOf(childOf(parameters, 1, TAG.integer))
  const common = { digest: 'sha1', passphrase, salt, iterations, budget }
  const key = derivePkcs12({ ...common, purpose: 1, length: scheme.keyBytes })
  const iv = derivePkcs12({ ...common, purpose: 2, length: 8 })
  return scheme.cipher === 'rc2' ? decryptRc2(key, iv, data) : decryptCbc(scheme.cipher, key, iv, data)
}

function decryptPbes2(parameters: DerNode, data: Buffer, passphrase: Passphrase, budget: RoundBudget): Buffer {
  const encryption = childOf(parameters, 1, TAG.sequence)
  const name = oidOf(childOf(encryption, 0, TAG.oid))
  const scheme = PBES2_CIPHERS[name]
  if (!scheme) throw new UnsupportedError(`encryption ${name}`)
  const iv = octetsOf(childOf(encryption, 1, TAG.octetString))
  if (iv.length !== scheme.ivBytes) throw new UnsupportedError(`an initialisation vector of ${iv.length} bytes`)
  const key = derivePbkdf2(childOf(parameters, 0, TAG.sequence), passphrase, scheme.keyBytes, budget)
  return decryptCbc(scheme.cipher, key, iv, data)
}

function decryptCbc(cipher: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  let decipher: Decipher
  try {
    decipher = nodeCrypto().createDecipheriv(cipher, key, iv)
  } catch {
    throw new UnsupportedError(`encryption ${cipher}, which this Node or its OpenSSL does not support`)
  }
  try {
    return Buffer.concat([decipher.update(data), decipher.final()])
  } catch {
    throw new PaddingError()
  }
}

/** Old .p12 files encrypt their certificates with RC2, which OpenSSL 3 has moved to its legacy provider. */
function decryptRc2(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  if (data.length === 0 || data.length % 8 !== 0) throw new PaddingError()
  const forge = orMissingPackage('node-forge', loadNodeForge)
  const decipher = forge.rc2.createDecryptionCipher(key.toString('latin1'), key.length * 8)
  decipher.start(iv.toString('latin1'))
  decipher.update(forge.util.createBuffer(data.toString('latin1')))
  decipher.finish(() => true)
  const padded = Buffer.from(decipher.output.getBytes(), 'latin1')
  const padding = padded.at(-1) ?? 0
  if (padding < 1 || padding > 8 || !padded.subarray(-padding).every((byte) => byte === padding))
    throw new PaddingError()
  return padded.subarray(0, -padding)
}
