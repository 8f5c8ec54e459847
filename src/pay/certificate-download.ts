import type { KeyObject } from 'node:crypto'
import { SignatureError, UnexpectedResponseError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import type { Known } from './calls.ts'
import { CERTIFICATE_ENDPOINTS } from './endpoints/certificates.ts'
import { isSignedBy, readSignatureHeaders } from './message-verifier.ts'
import type { PlatformKey } from './platform-key.ts'
import { readFailure } from './read-failure.ts'
import { openResource } from './resource-cipher.ts'
import type { RawAnswer, Transport } from './transport.ts'
import { unexpected } from './transport.ts'

const { operation: OPERATION, method, path, repeat } = CERTIFICATE_ENDPOINTS.download

/**
 * Downloads the platform certificates. (获取平台证书列表) The first download cannot be verified before it is opened: each
 * certificate opens with the APIv3 key, which only the merchant and the platform have, and then one of them must have signed
 * the whole answer.
 *
 * @throws {SignatureError} {DecryptError} {WeChatPayError} {ConnectionError} {UnexpectedResponseError}
 */
export function downloadCertificates(transport: Transport, apiV3Key: KeyObject, known: Known): Promise<PlatformKey[]> {
  return transport.send({
    operation: OPERATION,
    method,
    path,
    idempotent: repeat === 'safe',
    read: async (answer) => readCertificates(answer, apiV3Key, transport.now(), known)
  })
}

function readCertificates(answer: RawAnswer, apiV3Key: KeyObject, nowMs: number, known: Known): PlatformKey[] {
  const { describeError } = known
  if (answer.status !== 200)
    throw readFailure(answer, { operation: OPERATION, isVerified: false, nowMs, describeError })
  const headers = readSignatureHeaders(answer.header, nowMs)
  const { data } = (parseJson(answer.bytes) ?? {}) as { data?: unknown }
  if (!Array.isArray(data) || data.length === 0) throw unexpected(OPERATION, 'the answer has no certificates.', 200)
  const keys = data.map((entry: unknown) => openEntry(entry, apiV3Key, known))
  const signer = keys.find((key) => key.wireId === headers.serial || key.id === headers.serial)
  if (!signer) {
    throw new SignatureError(
      'unknown_serial',
      'The list of platform certificates is not signed by one of them (Wechatpay-Serial).',
      { product: 'pay' }
    )
  }
  if (!isSignedBy(signer, headers, answer.bytes)) {
    throw new SignatureError('mismatch', 'The signature of the list of platform certificates does not fit.', {
      product: 'pay'
    })
  }
  return keys.filter((key) => key.notAfter === undefined || key.notAfter > nowMs)
}

function openEntry(entry: unknown, apiV3Key: KeyObject, { readPlatformCertificate }: Known): PlatformKey {
  const { serial_no: serial, encrypt_certificate: encrypted } = (entry ?? {}) as Record<string, unknown>
  const pem = openResource(encrypted, apiV3Key).toString('utf8')
  let key: PlatformKey
  try {
    key = readPlatformCertificate(pem)
  } catch (cause) {
    throw new UnexpectedResponseError(`${OPERATION}: a certificate of the list cannot be read.`, {
      product: 'pay',
      cause
    })
  }
  if (typeof serial !== 'string' || serial.toUpperCase().replace(/^0+(?=.)/, '') !== key.id) {
    throw unexpected(OPERATION, 'a certificate of the list has another serial number than announced.', 200)
  }
  return key
}
