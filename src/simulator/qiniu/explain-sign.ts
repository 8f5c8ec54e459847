import { qboxText, type SignableCall, signText, v2Text } from '../crypto/qiniu.ts'
import type { SignatureFinding } from '../framework/signature-finding.ts'

type Scheme = 'QBox' | 'Qiniu'

interface Mistake {
  readonly text: Buffer
  readonly why: NonNullable<SignatureFinding['mistake']>
}

const NOTHING = new Uint8Array()
const say = (en: string, zh: string): Mistake['why'] => ({ en, zh })
const textOf = (scheme: Scheme, call: SignableCall): Buffer => (scheme === 'QBox' ? qboxText(call) : v2Text(call))

function* mistakes(scheme: Scheme, call: SignableCall): Generator<Mistake, void, undefined> {
  const other = scheme === 'QBox' ? 'Qiniu' : 'QBox'
  yield {
    text: textOf(other, call),
    why: say(`Signed by the rules of ${other}, sent as ${scheme}.`, `按 ${other} 的规则签名，却以 ${scheme} 发送。`)
  }
  const path = call.target.replace(/\?.*$/, '')
  yield {
    text: textOf(scheme, { ...call, target: path }),
    why: say('The query is sent but was not signed.', '发送了查询参数，但没有参与签名。')
  }
  yield {
    text: textOf(scheme, { ...call, target: `https://${call.host}${call.target}` }),
    why: say('The whole URL was signed: it is path and query.', '签名用了完整 URL，应只用路径和查询参数。')
  }
  yield {
    text: textOf(scheme, { ...call, body: NOTHING }),
    why: say('The body is sent but was not signed.', '发送了请求体，但没有参与签名。')
  }
  yield {
    text: Buffer.concat([Buffer.from(`${call.target}\n`), call.body]),
    why: say(
      'The body was signed although QBox covers it in forms only.',
      '签名包含了请求体，但 QBox 只在表单提交时才包含请求体。'
    )
  }
  yield {
    text: Buffer.from(textOf(scheme, call).toString('latin1').trimEnd(), 'latin1'),
    why: say('The line break at the end was not signed.', '签名时漏了结尾的换行符。')
  }
  for (const contentType of ['application/json', 'application/x-www-form-urlencoded', 'application/octet-stream']) {
    yield {
      text: textOf(scheme, { ...call, contentType }),
      why: say(
        `Signed with Content-Type ${contentType}, sent with ${call.contentType ?? 'none'}.`,
        `签名时 Content-Type 是 ${contentType}，发送时是 ${call.contentType ?? '空'}。`
      )
    }
  }
  yield {
    text: textOf(scheme, { ...call, headers: [] }),
    why: say('X-Qiniu-… headers are sent but were not signed.', '发送了 X-Qiniu-… 请求头，但没有参与签名。')
  }
}

/** @internal Which usual mistake gives the signature that came; the service says no more than `bad token`. */
export function explainQiniuSign(
  secretKey: string,
  scheme: Scheme,
  call: SignableCall,
  given: string
): SignatureFinding {
  const right = textOf(scheme, call)
  const finding = {
    algorithm: `HMAC-SHA1 (${scheme})`,
    expectedText: right.toString(),
    expected: signText(secretKey, right),
    given
  }
  let compared = 1
  for (const { text, why } of mistakes(scheme, call)) {
    compared++
    if (signText(secretKey, text) === given) return { ...finding, compared, signedText: text.toString(), mistake: why }
  }
  return { ...finding, compared }
}
