import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { RequestOptions } from '../core/client-options.ts'
import { equalsConstantTime } from '../internal/hash.ts'
import type { PayApi } from './pay-api.ts'
import { unexpected } from './read-response.ts'

/** A file to which a response refers. */
export interface FileReference {
  hash_type?: string | undefined
  hash_value?: string | undefined
  download_url?: string | undefined
}

/** Compressed; a bill of a million orders has about thirty megabytes. */
const MAX_FILE_BYTES = 512 * 1024 * 1024
/** Uncompressed. */
const MAX_CONTENT_BYTES = 16 * 1024 ** 3
const DOWNLOAD_TIMEOUT_MS = 120_000
const HASHES: Readonly<Record<string, string>> = { SHA1: 'sha1', SHA256: 'sha256' }

/**
 * Downloads a file and verifies its hash, which covers the uncompressed content. The file is not signed, but the
 * response with its hash is. (下载账单: 注意)
 *
 * @param open decrypts the bytes, if they are encrypted
 * @returns the verified bytes as received (possibly compressed)
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE if the hash differs.
 */
export async function downloadFile(
  api: PayApi,
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
  const opened = open(await downloadBytes(api, operation, file.download_url, options))
  const actual = await hashContent(opened, algorithm, operation)
  if (!equalsConstantTime(actual, expected)) {
    throw unexpected(operation, 'the hash of the file differs from the announced one. Download it again.')
  }
  return opened
}

/** Downloads the bytes at a URL of the platform. Files are not signed. */
export function downloadBytes(
  api: PayApi,
  operation: string,
  address: unknown,
  options?: RequestOptions
): Promise<Uint8Array> {
  const path = api.fileTarget(address, operation)
  const call = {
    operation,
    method: 'GET',
    path,
    accept: '*/*',
    idempotent: true,
    maxBytes: MAX_FILE_BYTES,
    timeoutMs: DOWNLOAD_TIMEOUT_MS
  } as const
  return api.sendRaw(
    call,
    async (response) => {
      if (response.status === 200) return response.bytes
      return api.fail(response, operation)
    },
    options
  )
}

async function hashContent(bytes: Uint8Array, algorithm: string, operation: string): Promise<string> {
  const hash = createHash(algorithm)
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return hash.update(bytes).digest('hex')
  let length = 0
  try {
    for await (const chunk of Readable.from([bytes]).pipe(createGunzip()) as AsyncIterable<Uint8Array>) {
      length += chunk.byteLength
      if (length > MAX_CONTENT_BYTES) throw new RangeError('too large')
      hash.update(chunk)
    }
  } catch {
    throw unexpected(operation, 'the compressed file is damaged, truncated or too large. Download it again.')
  }
  return hash.digest('hex')
}
