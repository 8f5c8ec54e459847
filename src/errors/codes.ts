/**
 * Every code that an error of this library can carry, with what it means and what to do.
 * `docs/errors.md` is generated from this table.
 */
export const ERROR_CODES = {
  ERR_CONFIG: 'An option of a constructor or helper is missing, unknown or wrong. The message names it.',
  ERR_INVALID_PARAM: 'A parameter of a call is wrong; nothing was sent. `option` names the field.',
  ERR_MISSING_DEPENDENCY:
    'An optional package that this call needs is not installed, or a file of the library is missing. The message says what to do.',
  ERR_PKCS12_PASSWORD: 'The passphrase of the .p12 file is wrong; for WeChat Pay it is the merchant id.',
  ERR_PKCS12_ENCODING: 'The .p12 file was read as text and is damaged: read it as a Buffer, without an encoding.',
  ERR_PKCS12_UNSUPPORTED: 'The .p12 file uses an algorithm that cannot be read; convert it to PEM with openssl.',
  ERR_PKCS12_MALFORMED: 'The bytes are not a .p12 file, are cut short, or hold no key or certificate.',
  ERR_CONNECTION:
    'No response: DNS, the connection, TLS or the proxy failed. `requestSent` says whether the request was sent.',
  ERR_TIMEOUT: 'No complete response within `timeoutMs`.',
  ERR_STORE: 'The store (Redis or your own) failed or did not respond in time.',
  ERR_WECHAT_API: 'WeChat returned an errcode; see `upstreamCode`, `kind` and `hint`.',
  ERR_WECHAT_PAY: 'WeChat Pay refused the call; see `upstreamCode` and `hint`.',
  ERR_QINIU: 'Qiniu refused the call; see `upstreamCode` and `hint`.',
  ERR_YUNPIAN: 'Yunpian refused the call; see `upstreamCode` and `hint`.',
  ERR_GEETEST: 'Geetest refused the call.',
  ERR_SIGNATURE_MISSING: 'The request or response has no signature, or only parts of one.',
  ERR_SIGNATURE_EXPIRED: 'The timestamp is outside the accepted window. Check the clock of this machine.',
  ERR_SIGNATURE_UNKNOWN_SERIAL: 'Signed with a key whose serial number or id is not configured.',
  ERR_SIGNATURE_MISMATCH:
    'The signature does not match these bytes: the key is a different one, or the body was changed.',
  ERR_SIGNATURE_PROBE:
    'A signature probe of WeChat Pay (WECHATPAY/SIGNTEST): refused as intended; no action is needed.',
  ERR_SIGNATURE_REPLAYED: 'A single-use value was used again.',
  ERR_DECRYPT_KEY: 'The key does not match the ciphertext (another account, a replaced key, a stale session_key).',
  ERR_DECRYPT_PADDING: 'The padding is wrong after decryption: almost always a wrong or stale key.',
  ERR_DECRYPT_APPID: 'Decrypted, but meant for another appid.',
  ERR_DECRYPT_MALFORMED: 'The ciphertext or its content does not have the documented format.',
  ERR_DECRYPT_SPACES: 'The base64 text has spaces: a form decoder turned every + into a space.',
  ERR_DECRYPT_EXPIRED: 'Decrypted and genuine, but older than the accepted age.',
  ERR_UNKNOWN_RESULT: 'A call that moves money got no readable response. Run `query` before doing anything else.',
  ERR_BODY_ALREADY_PARSED: 'A body parser consumed the raw bytes before the handler saw them.',
  ERR_BODY_TOO_LARGE: 'The body of a request, or the decompressed body of a response, exceeds the limit.',
  ERR_BODY_MALFORMED: 'The body is not the XML, JSON or form that the protocol prescribes.',
  ERR_LOGIN_SNAPSHOT:
    'The visitor of a snapshot page (快照页) logged in: the openid is virtual. The visitor taps 使用完整服务 and logs in again.',
  ERR_UNEXPECTED_RESPONSE:
    'The response is not what the official document of the call describes, or belongs to another request.'
} as const

/** The stable codes of this library. */
export type ErrorCode = keyof typeof ERROR_CODES
