import { SignatureError } from '../errors/index.ts'
import { equalsConstantTime, hashHex } from '../internal/hash.ts'
import { isWellFormed } from '../internal/is-well-formed.ts'
import { parseJson } from '../internal/json/index.ts'

/**
 * Verifies the `signature` that `wx.getUserInfo` returns with `rawData` (document "Open data verification", 数据签名校验).
 *
 * @param params `rawData` exactly as the client got it, not parsed and serialised again; `sessionKey` as base64 text.
 * @returns The parsed `rawData`.
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
 * @example
 * const profile = verifyRawData({ rawData: '{"nickName":"Band"}', signature: '…', sessionKey: '…' })
 */
export function verifyRawData(params: {
  rawData: string
  signature: string
  sessionKey: string
}): Record<string, unknown> {
  const { rawData, signature, sessionKey } = params ?? {}
  const isComplete = [rawData, signature, sessionKey].every((value) => typeof value === 'string' && value !== '')
  if (!isComplete) {
    throw new SignatureError('missing', 'verifyRawData: rawData, signature and sessionKey must be non-empty strings.', {
      product: 'miniapp'
    })
  }
  const mismatch = (detail: string) =>
    new SignatureError('mismatch', `verifyRawData: ${detail}`, { product: 'miniapp' })
  // Half of a surrogate pair would be verified as U+FFFD, and read as something else.
  if (!isWellFormed(rawData) || !equalsConstantTime(signature, hashHex('sha1', rawData + sessionKey))) {
    throw mismatch(
      'the signature does not match this rawData and session_key. rawData was parsed and serialised again, or the user has logged in since.'
    )
  }
  const data: unknown = parseOrUndefined(rawData)
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw mismatch('rawData is not a JSON object.')
  return data as Record<string, unknown>
}

function parseOrUndefined(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
