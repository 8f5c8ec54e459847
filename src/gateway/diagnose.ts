import { BodyError, SignatureError, type SignatureErrorReason } from '../errors/index.ts'
import type { Account } from './gateway-options.ts'
import { formatOf } from './parse-message.ts'
import type { GatewayQuery } from './read-query.ts'
import { isSignedWith } from './signature.ts'

// All of this runs only for refused requests. The texts go to the log, never to the network.

/** A request without the parameters of a signature. */
export function explainUnsigned(query: GatewayQuery): SignatureError {
  const missing = (['signature', 'timestamp', 'nonce'] as const).filter((name) => !query[name])
  if (missing.length === 3) {
    return failSignature(
      'missing',
      'The query has no signature, timestamp and nonce: the request is not from WeChat (a browser, a scanner, a health ' +
        'check), or a proxy dropped the query string.'
    )
  }
  return failSignature(
    'missing',
    `The query lacks ${missing.join(', ')}: a proxy truncated it, or the request is not from WeChat.`
  )
}

/** A gateway with a key received a request without `msg_signature` or without `Encrypt`. */
export function explainPlaintextBody(query: GatewayQuery, body: string, account: Account): SignatureError | BodyError {
  if (body.trim() === '') {
    return new BodyError('malformed', 'The body is empty: a body parser or a proxy consumed it before the gateway.', {
      product: 'gateway'
    })
  }
  if (formatOf(body) === undefined) {
    const isForm = /^[^<{]*=/.test(body) || body.startsWith('%3C')
    return new BodyError(
      'malformed',
      `The body is neither XML nor JSON${isForm ? ': it looks like a form, so something re-encoded it' : ''}.`,
      { product: 'gateway' }
    )
  }
  if (/^\s*\{\s*"xml"\s*:/.test(body)) {
    return new BodyError('malformed', 'A body parser turned the XML into JSON: pass the raw body to the handler.', {
      product: 'gateway'
    })
  }
  const what = query.msg_signature === undefined ? 'msg_signature is missing' : 'the body has no <Encrypt>'
  if (isUrlSigned(query, account)) {
    return failSignature(
      'missing',
      `The request is signed with this token, but ${what}: the console is in plaintext mode (明文模式) while the gateway has an ` +
        'encodingAESKey. Choose safe mode (安全模式) in the console, or leave out encodingAESKey.'
    )
  }
  return failSignature(
    'missing',
    `${capital(what)}, and signature does not match the token either: the request is not from WeChat.`
  )
}

/** `signature` (without `encrypt`) or `msg_signature` matches none of the tokens. */
export function explainSignature(query: GatewayQuery, encrypt: string | undefined, account: Account): SignatureError {
  if (encrypt === undefined) return failSignature('mismatch', wrongToken('signature'))
  const { msg_signature: signature = '', timestamp = '', nonce = '' } = query
  const isSigned = (parts: { encrypt?: string }) =>
    account.tokens.some((token) => isSignedWith(token, { signature, timestamp, nonce, ...parts }))
  if (isSigned({})) {
    return failSignature(
      'mismatch',
      'msg_signature has the value of signature, which does not cover the body: the sender used the wrong parameter.'
    )
  }
  if (/\s/.test(encrypt)) {
    const isRestored =
      isSigned({ encrypt: encrypt.replaceAll(' ', '+') }) || isSigned({ encrypt: encrypt.replace(/\s/g, '') })
    const what = isRestored ? 'With the original characters restored, the signature is right. ' : ''
    return failSignature(
      'mismatch',
      `<Encrypt> has spaces or line breaks: something decoded the body as a form or reformatted it. ${what}Pass the raw body to the handler.`
    )
  }
  if (isUrlSigned(query, account)) {
    return failSignature(
      'mismatch',
      'signature matches this token but msg_signature does not: the token is right and <Encrypt> was changed in transit ' +
        '(by a proxy or a body parser that rewrites XML), or the body is forged.'
    )
  }
  return failSignature('mismatch', wrongToken('msg_signature'))
}

export function failSignature(reason: SignatureErrorReason, message: string): SignatureError {
  return new SignatureError(reason, message, { product: 'gateway' })
}

function isUrlSigned({ signature, timestamp = '', nonce = '' }: GatewayQuery, account: Account): boolean {
  return signature !== undefined && account.tokens.some((token) => isSignedWith(token, { signature, timestamp, nonce }))
}

const wrongToken = (name: string) =>
  `${name} does not match the token: the token differs from the one on the server configuration page (服务器配置) of this ` +
  'account (pass a replaced one as previous.token), or the request is not from WeChat.'

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
