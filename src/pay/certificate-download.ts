import type { KeyObject } from 'node:crypto'
import { SignatureError, UnexpectedResponseError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import { normaliseSerial } from './common/certificate-info.ts'
import { isSignedBy, readSignatureHeaders } from './message-verifier.ts'
import type { PayApi } from './pay-api.ts'
import type { RawResponse } from './pay-call.ts'
import { type PlatformKey, platformKeyOf } from './platform-key.ts'
import { readFailure } from './read-failure.ts'
import { readCertificate } from './read-pem.ts'
import { unexpected } from './read-response.ts'
import { openResource } from './resource-cipher.ts'

/** Decrypted and verified separately, below. (获取平台证书列表) */
const CALL = { operation: 'platformKeys.download', method: 'GET', path: '/v3/certificates', idempotent: true } as const
const OPERATION = CALL.operation

/**
 * Downloads the platform certificates. (获取平台证书列表) The first download cannot be verified before it is decrypted: each
 * certificate is encrypted with the APIv3 key, which only the merchant and the platform have, and one of the
 * certificates must have signed the whole response.
 *
 * @throws {SignatureError} {DecryptError} {WeChatPayError} {ConnectionError} {UnexpectedResponseError}
 */
export function downloadCertificates(api: PayApi, now: () => number): Promise<PlatformKey[]> {
  return api.sendRaw(CALL, async (response) => readCertificates(response, api.account.apiV3Key, now()))
}

function readCertificates(response: RawResponse, apiV3Key: KeyObject, nowMs: number): PlatformKey[] {
  if (response.status !== 200) throw readFailure(response, { operation: OPERATION, isVerified: false, nowMs })
  const headers = readSignatureHeaders(response.header, nowMs)
  const { data } = (parseJson(response.bytes) ?? {}) as { data?: unknown }
  if (!Array.isArray(data) || data.length === 0) throw unexpected(OPERATION, 'the response has no certificates.', 200)
  const keys = data.map((entry: unknown) => openEntry(entry, apiV3Key))
  const signer = keys.find((key) => key.wireId === headers.serial || key.id === headers.serial)
  if (!signer) {
    throw new SignatureError(
      'unknown_serial',
      'The list of platform certificates is not signed by one of them (Wechatpay-Serial).',
      { product: 'pay' }
    )
  }
  if (!isSignedBy(signer, headers, response.bytes)) {
    throw new SignatureError('mismatch', 'The signature of the list of platform certificates does not match.', {
      product: 'pay'
    })
  }
  return keys.filter((key) => key.notAfter === undefined || key.notAfter > nowMs)
}

function openEntry(entry: unknown, apiV3Key: KeyObject): PlatformKey {
  const { serial_no: serial, encrypt_certificate: encrypted } = (entry ?? {}) as Record<string, unknown>
  const pem = openResource(encrypted, apiV3Key).toString('utf8')
  let key: PlatformKey
  try {
    key = platformKeyOf(readCertificate(pem, 'platformKeys'))
  } catch (cause) {
    throw new UnexpectedResponseError(`${OPERATION}: a certificate of the list cannot be read.`, {
      product: 'pay',
      cause
    })
  }
  if (typeof serial !== 'string' || normaliseSerial(serial) !== key.id) {
    throw unexpected(OPERATION, 'the serial number of a certificate differs from the announced one.', 200)
  }
  return key
}
