import { randomBytes } from 'node:crypto'
import { DecryptError, type DecryptErrorReason, type Product, SignatureError } from '../../errors/index.ts'
import { parseJson } from '../../internal/json/index.ts'
import { COVERED_PATHS } from './covered-paths.ts'
import { additionalData, decryptEnvelope, encryptEnvelope, readEnvelope } from './envelope.ts'
import { type ApiSecurityKeys, type ApiSecurityOptions, readApiSecurityKeys } from './options.ts'
import { signedText, signPss, verifyPss } from './signature.ts'

/** Prefix of the paths in the signed text, whatever `baseUrl` is. */
const ORIGIN = 'https://api.weixin.qq.com'
const WINDOW_SECONDS = 300

type ResponseHeaders = Pick<Headers, 'get'>

/** An encrypted and signed request. */
export interface SealedRequest {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Encrypts and signs calls, verifies and decrypts their responses, for accounts whose console requires it (API安全).
 * Document: 服务端 API 签名加密指南.
 */
export class ApiSecurity {
  readonly #keys: ApiSecurityKeys
  readonly #appId: string
  readonly #product: Product
  readonly #paths: ReadonlySet<string>

  /** @throws {ConfigError} ERR_CONFIG naming the option */
  constructor(options: ApiSecurityOptions, { appId, product }: { appId: string; product: Product }) {
    this.#keys = readApiSecurityKeys(options, product)
    this.#appId = appId
    this.#product = product
    this.#paths = new Set([...COVERED_PATHS, ...(options.paths ?? []).map((path) => path.slice(1))])
  }

  /** Whether a POST to this path is encrypted. */
  covers(path: string): boolean {
    return this.#paths.has(path.slice(1))
  }

  /**
   * @param path of the call, without query
   * @param params all parameters of the call, including those of the query, without `access_token`
   * @param nowSeconds seconds since 1970
   */
  seal(path: string, params: object, nowSeconds: number): SealedRequest {
    const { symmetric, privateKey, privateKeySn } = this.#keys
    const { sn, key } = symmetric[0]
    const appId = this.#appId
    const secured = { _n: randomBytes(16).toString('base64'), _appid: appId, _timestamp: nowSeconds, ...params }
    const aad = additionalData(ORIGIN + path, appId, nowSeconds, sn)
    const body = encryptEnvelope(JSON.stringify(secured), key, randomBytes(12), aad)
    return {
      body,
      headers: {
        'wechatmp-appid': appId,
        'wechatmp-timestamp': String(nowSeconds),
        'wechatmp-signature': signPss(signedText(ORIGIN + path, appId, nowSeconds, body), privateKey),
        'wechatmp-serial': privateKeySn
      }
    }
  }

  /**
   * Returns the content of an encrypted response after checking its appid, timestamp and signature.
   *
   * @param body exactly as received
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_EXPIRED, ERR_SIGNATURE_UNKNOWN_SERIAL, ERR_SIGNATURE_MISMATCH
   * @throws {DecryptError} ERR_DECRYPT_APPID, ERR_DECRYPT_MALFORMED, ERR_DECRYPT_KEY
   */
  open(path: string, headers: ResponseHeaders, body: string, nowSeconds: number): Record<string, unknown> {
    const appId = headers.get('wechatmp-appid')
    const timestamp = headers.get('wechatmp-timestamp')
    if (!appId || !timestamp) throw this.#refuse('missing', 'the response has no Wechatmp-Appid or Wechatmp-TimeStamp')
    if (appId !== this.#appId) throw this.#undecryptable('appid', 'the response is for another appid')
    // Its text is part of what was signed: only the plain form is accepted.
    if (!/^[1-9]\d{0,11}$/.test(timestamp) || Math.abs(nowSeconds - Number(timestamp)) > WINDOW_SECONDS) {
      throw this.#refuse('expired', `the timestamp of the response is more than ${WINDOW_SECONDS} s away from now`)
    }
    this.#verify(headers, signedText(ORIGIN + path, appId, timestamp, body))
    const { _n, _appid, _timestamp, ...data } = this.#decrypt(path, Number(timestamp), body)
    if (_appid !== appId || _timestamp !== Number(timestamp)) {
      throw this.#undecryptable('appid', 'the encrypted _appid and _timestamp differ from the headers')
    }
    return data
  }

  /**
   * While the platform changes its certificate, it signs with both the old and the new one
   * (Wechatmp-Serial-Deprecated).
   */
  #verify(headers: ResponseHeaders, text: Buffer): void {
    let isSigned = false
    for (const suffix of ['', '-deprecated']) {
      const serial = headers.get(`wechatmp-serial${suffix}`)
      const signature = headers.get(`wechatmp-signature${suffix}`)
      if (!serial || !signature) continue
      isSigned = true
      const key = this.#keys.platform.get(serial)
      if (!key) continue
      if (verifyPss(text, signature, key)) return
      throw this.#refuse('mismatch', 'the signature of the response does not match its bytes')
    }
    if (!isSigned) throw this.#refuse('missing', 'the response has no Wechatmp-Signature')
    throw this.#refuse(
      'unknown_serial',
      'the response is signed with a certificate that is not in platformCertificates: download the new one in the console'
    )
  }

  #decrypt(path: string, timestamp: number, body: string): Record<string, unknown> {
    const envelope = readEnvelope(body)
    if (!envelope) throw this.#undecryptable('malformed', 'the response is not { iv, data, authtag } in base64')
    for (const { sn, key } of this.#keys.symmetric) {
      const text = decryptEnvelope(envelope, key, additionalData(ORIGIN + path, this.#appId, timestamp, sn))
      if (text !== undefined) return this.#object(text)
    }
    throw this.#undecryptable('key', 'the response cannot be decrypted with the configured symmetric key')
  }

  #object(text: string): Record<string, unknown> {
    let value: unknown
    try {
      value = parseJson(text)
    } catch (cause) {
      throw this.#undecryptable('malformed', 'the decrypted response is not JSON', cause)
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    throw this.#undecryptable('malformed', 'the decrypted response is not a JSON object')
  }

  #refuse(reason: 'missing' | 'expired' | 'unknown_serial' | 'mismatch', problem: string): SignatureError {
    return new SignatureError(reason, `API security: ${problem}.`, { product: this.#product })
  }

  #undecryptable(reason: DecryptErrorReason, problem: string, cause?: unknown): DecryptError {
    return new DecryptError(reason, `API security: ${problem}.`, { product: this.#product, cause })
  }
}
