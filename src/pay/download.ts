import type { RequestOptions } from '../core/client-options.ts'
import { equalsConstantTime } from '../internal/hash.ts'
import { nodeCrypto } from '../internal/node-crypto.ts'
import type { Caller } from './caller.ts'
import { readVerified } from './read-answer.ts'
import { unexpected } from './transport.ts'

/** A file that an answer points at. */
export interface FileReference {
  hash_type?: string
  hash_value?: string
  download_url?: string
}

/** Compressed; a bill of a million orders has some thirty megabytes. */
const MAX_FILE_BYTES = 512 * 1024 * 1024
/** Uncompressed. */
const MAX_CONTENT_BYTES = 16 * 1024 ** 3
const DOWNLOAD_TIMEOUT_MS = 120_000
const HASHES: Readonly<Record<string, string>> = { SHA1: 'sha1', SHA256: 'sha256' }

/**
 * Downloads a file and compares its hash, which is over the uncompressed content. A file carries no signature, but the answer
 * with its hash did. (下载账单: 注意)
 *
 * @param open decrypts the bytes, where they are encrypted
 * @returns the bytes as they came (maybe compressed), after they were found to be the right ones
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when the hash differs.
 */
export async function downloadChecked(
  caller: Caller,
  operation: string,
  file: FileReference,
  options?: RequestOptions,
  open: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes
): Promise<Uint8Array> {
  const algorithm = HASHES[String(file?.hash_type).toUpperCase()]
  const expected = String(file?.hash_value).toLowerCase()
  if (!algorithm || !/^[0-9a-f]{40,64}$/.test(expected)) {
    throw unexpected(operation, 'there is no file yet, or no hash of a known kind (hash_type, hash_value).')
  }
  const { transport, verifier, describeError } = caller.options
  const bytes = await transport.send(
    {
      operation,
      method: 'GET',
      path: transport.targetOf(file.download_url, operation),
      accept: '*/*',
      idempotent: true,
      maxBytes: MAX_FILE_BYTES,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
      read: async (answer) => {
        if (answer.status !== 200) {
          await readVerified(answer, { operation, verifier, nowMs: transport.now(), describeError })
        }
        return answer.bytes
      }
    },
    options
  )
  const opened = open(bytes)
  const actual = await hashContent(opened, algorithm, operation)
  if (!equalsConstantTime(actual, expected)) {
    throw unexpected(operation, 'the file is not the announced one: its hash differs. Download it again.')
  }
  return opened
}

async function hashContent(bytes: Uint8Array, algorithm: string, operation: string): Promise<string> {
  const hash = nodeCrypto().createHash(algorithm)
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return hash.update(bytes).digest('hex')
  const [{ Readable }, { createGunzip }] = await Promise.all([import('node:stream'), import('node:zlib')])
  let length = 0
  try {
    for await (const chunk of Readable.from([bytes]).pipe(createGunzip()) as AsyncIterable<Uint8Array>) {
      length += chunk.byteLength
      if (length > MAX_CONTENT_BYTES) throw new RangeError('too large')
      hash.update(chunk)
    }
  } catch {
    throw unexpected(operation, 'the compressed file is damaged, cut short or too large. Download it again.')
  }
  return hash.digest('hex')
}
