import { type KeyObject, verify } from 'node:crypto'
import { payV3RequestMessage, verifyPayV3 } from '../../crypto/pay-v3.ts'
import type { Exchange } from '../../framework/exchange.ts'
import type { SignatureFinding } from '../../framework/signature-finding.ts'

type Why = NonNullable<SignatureFinding['mistake']>
const say = (en: string, zh: string): Why => ({ en, zh })

interface Signed {
  readonly exchange: Exchange
  readonly body: string
  readonly timestamp: string
  readonly nonce: string
  readonly signature: string
  /** Of the serial that the caller named, first; then the others that the merchant has. */
  readonly keys: readonly KeyObject[]
}

const json = (body: string, write: (value: unknown) => string): string | undefined => {
  try {
    return write(JSON.parse(body))
  } catch {
    return undefined
  }
}
const spaced = (value: unknown): string =>
  JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, ' ')
    .replace(/([[{]) /g, '$1')
    .replace(/ ([\]}])/g, '$1')
const ascii = (text: string): string =>
  text.replace(/[\u0080-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)

function decoded(target: string): string {
  try {
    return decodeURI(target)
  } catch {
    return target
  }
}

function* mistakes({ exchange, body, timestamp, nonce }: Signed): Generator<readonly [string, Why]> {
  const { method, target, url } = exchange
  const message = (m: string, t: string, time: string, n: string, b: string) =>
    payV3RequestMessage(m, t, time, n, b).toString('utf8')
  const right = message(method, target, timestamp, nonce, body)
  yield [right.slice(0, -1), say('The line break after the last line is missing.', '最后一行末尾缺少换行符 \\n。')]
  yield [right.replaceAll('\n', '\r\n'), say('The lines end with \\r\\n: use \\n.', '行尾用了 \\r\\n，应为 \\n。')]
  yield [
    right.replaceAll('\n', '\\n'),
    say('The line breaks are the two characters \\ and n.', '换行写成了「\\n」两个字符，应为真正的换行符。')
  ]
  yield [
    message(method, url.pathname, timestamp, nonce, body),
    say('The query of the URL was not signed.', '签名串里缺少 URL 的查询参数（? 及之后的部分）。')
  ]
  yield [
    message(method, url.href, timestamp, nonce, body),
    say('The whole URL was signed: only path and query are.', '签名用了完整的 URL，应只用路径和查询参数。')
  ]
  yield [
    message(method, decoded(target), timestamp, nonce, body),
    say('The URL was signed decoded, but is sent encoded.', '签名用的是解码后的 URL，发送的是编码后的。')
  ]
  yield [
    message(method, encodeURI(target), timestamp, nonce, body),
    say('The URL was encoded once more before signing.', '签名前把 URL 又编码了一次。')
  ]
  yield [
    message(method, target.replace(/^\//, ''), timestamp, nonce, body),
    say('The path was signed without its first slash.', '签名串里的路径缺少开头的 /。')
  ]
  yield [
    message(method.toLowerCase(), target, timestamp, nonce, body),
    say('The method must be in upper case.', 'HTTP 方法应为大写。')
  ]
  yield [
    message(method === 'GET' ? 'POST' : 'GET', target, timestamp, nonce, body),
    say('Another method was signed.', '签名串里的 HTTP 方法与实际请求不同。')
  ]
  yield [
    message(method, target, `${timestamp}000`, nonce, body),
    say('Milliseconds were signed, seconds are in the header.', '签名用的时间戳是毫秒，请求头里是秒。')
  ]
  yield [
    message(method, target, nonce, timestamp, body),
    say('Nonce and timestamp are swapped.', '时间戳和随机串的顺序颠倒了。')
  ]
  if (body === '')
    yield [
      message(method, target, timestamp, nonce, '{}'),
      say('{} was signed, but no body is sent.', '签名串里有 {}，实际请求体为空。')
    ]
  else yield [message(method, target, timestamp, nonce, ''), say('The body was not signed.', '请求体没有参与签名。')]
  const bodies: [string | undefined, Why][] = [
    [
      json(body, (value) => JSON.stringify(value)),
      say(
        'The body was written as JSON once more after signing: send the bytes that were signed.',
        '签名后又重新序列化了 JSON，应发送签名时的原文。'
      )
    ],
    [
      json(body, spaced),
      say(
        'The body was signed with spaces in its JSON and sent without.',
        '签名的 JSON 带空格，发送的不带，应发送签名时的原文。'
      )
    ],
    [
      json(body, (value) => JSON.stringify(value, null, 2)),
      say('Indented JSON was signed.', '签名用的是带缩进的 JSON。')
    ],
    [
      ascii(body),
      say('The body was signed with \\u escapes and sent without.', '签名的 JSON 用了 \\u 转义，发送的没有。')
    ],
    [
      body.replaceAll('/', '\\/'),
      say('The body was signed with \\/ and sent with /.', '签名的 JSON 里 / 被转义成了 \\/，发送的没有。')
    ],
    [body.trim(), say('The body was trimmed before signing.', '签名前去掉了请求体首尾的空白。')]
  ]
  for (const [other, why] of bodies)
    if (other !== undefined && other !== body) yield [message(method, target, timestamp, nonce, other), why]
}

/** @internal Which usual mistake the signature of a request fits. The platform says no more than 错误的签名，验签失败. */
export function explainV3Sign(signed: Signed): SignatureFinding {
  const { exchange, timestamp, nonce, body, signature, keys } = signed
  const right = payV3RequestMessage(exchange.method, exchange.target, timestamp, nonce, body)
  const finding = { algorithm: 'SHA256-RSA2048', expectedText: right.toString('utf8'), given: signature }
  const [key, ...others] = keys
  let compared = 1
  const whole: [() => boolean, Why][] = [
    [
      () => others.some((other) => verifyPayV3(right, signature, other)),
      say('It was made with another private key than that of serial_no.', '签名用的私钥与 serial_no 对应的证书不配对。')
    ],
    [
      () => key !== undefined && verify('sha1', right, key, Buffer.from(signature, 'base64')),
      say('It is SHA1 with RSA: SHA256 is asked for.', '签名算法是 SHA1，应为 SHA256。')
    ],
    [
      () => key !== undefined && verify('sha256', right, key, Buffer.from(signature, 'hex')),
      say('The signature is in hexadecimal: base64 is asked for.', '签名是十六进制，应为 base64。')
    ]
  ]
  for (const [test, mistake] of whole) {
    compared++
    if (test()) return { ...finding, compared, mistake }
  }
  for (const [text, mistake] of mistakes(signed)) {
    compared++
    if (key && verifyPayV3(Buffer.from(text), signature, key))
      return { ...finding, compared, signedText: text, mistake }
  }
  return { ...finding, compared }
}
