import { createHash, createHmac } from 'node:crypto'
import { type PayV2SignType, payV2SignString, signPayV2 } from '../../crypto/pay-v2.ts'
import type { MerchantAccount } from '../../framework/accounts.ts'
import type { SignatureFinding } from '../../framework/signature-finding.ts'
import type { V2Fields } from './fields.ts'

type Why = NonNullable<SignatureFinding['mistake']>

interface Mistake {
  readonly why: Why
  /** What is signed, with `&key=` already in it where that is the mistake. */
  readonly text: string
  readonly key?: string
  readonly type?: PayV2SignType
  /** Text that stands for `&key=<key>`. */
  readonly tail?: string
}

const say = (en: string, zh: string): Why => ({ en, zh })
const pairs = (fields: V2Fields, value: (text: string, name: string) => string = (text) => text) =>
  Object.keys(fields)
    .filter((name) => name !== 'sign')
    .map((name) => [name, value(fields[name] ?? '', name)] as const)
const joined = (list: readonly (readonly [string, string])[]) => list.map(([n, v]) => `${n}=${v}`).join('&')
const sorted = (fields: V2Fields, value?: (text: string, name: string) => string) =>
  payV2SignString(Object.fromEntries(pairs(fields, value)))
const form = (text: string) => encodeURIComponent(text).replaceAll('%20', '+')
const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Mistakes that are made again and again, and what each of them signs. */
function* mistakes(fields: V2Fields, merchant: MerchantAccount, key: string, type: PayV2SignType): Generator<Mistake> {
  const text = payV2SignString(fields)
  const other = type === 'MD5' ? 'HMAC-SHA256' : 'MD5'
  yield {
    text,
    type: other,
    why: say(`It is ${other}, but sign_type says ${type}.`, `签名用的是 ${other}，而 sign_type 是 ${type}。`)
  }
  const keys: [string, Why][] = [
    [merchant.apiV3Key, say('It was made with the APIv3 key.', '用了 APIv3 密钥签名，应使用 API 密钥（v2）。')],
    [
      merchant.apiKey,
      say('The sandbox has a key of its own (getsignkey).', '沙箱有自己的密钥（getsignkey），不能用正式密钥。')
    ],
    [`${key}\n`, say('The key ends with a line break.', '密钥末尾多了换行。')],
    [` ${key}`, say('The key begins with a space.', '密钥开头多了空格。')],
    [`${key} `, say('The key ends with a space.', '密钥末尾多了空格。')],
    [key.toUpperCase(), say('The key was turned into upper case.', '密钥被转成了大写。')],
    [key.toLowerCase(), say('The key was turned into lower case.', '密钥被转成了小写。')]
  ]
  for (const [wrong, why] of keys) if (wrong !== key) yield { text, key: wrong, why }
  yield { text, tail: '', why: say('&key=… was not appended.', '没有在末尾拼接 &key=…。') }
  yield { text, tail: key, why: say('The key was appended without &key=.', '密钥直接拼在末尾，缺少 &key=。') }
  yield {
    text: joined(pairs(fields).filter(([, value]) => value !== '')),
    why: say('The names are not sorted.', '参数名没有按 ASCII 码排序。')
  }
  yield {
    text: joined(
      pairs(fields)
        .sort(([a], [b]) => a.toLowerCase().localeCompare(b.toLowerCase()))
        .filter(([, v]) => v !== '')
    ),
    why: say('The names are sorted without regard to case.', '排序时忽略了大小写。')
  }
  yield {
    text: joined(pairs(fields).sort(([a], [b]) => (a < b ? -1 : 1))),
    why: say('Empty values were signed: leave them out.', '空值参与了签名，应当去掉。')
  }
  yield {
    text: sorted(fields, encodeURIComponent),
    why: say('The values were URL-encoded before signing.', '签名前对值做了 URL 编码，应使用原文。')
  }
  yield {
    text: sorted(fields, form),
    why: say('The values were encoded as a form before signing.', '签名前按表单编码了值，应使用原文。')
  }
  yield {
    text: sorted(fields, xml),
    why: say('The values were escaped as XML before signing.', '签名前对值做了 XML 转义，应使用原文。')
  }
  yield {
    text: sorted(fields, (value) => value.trim()),
    why: say('The values were trimmed before signing.', '签名前去掉了值的首尾空格。')
  }
  for (const [name, value] of pairs(fields)) {
    if (value === '') continue
    const encoded = encodeURIComponent(value)
    if (encoded !== value) {
      const why = say(
        `${name} was URL-encoded before signing, but is sent as it is. Do not encode before signing.`,
        `签名时 ${name} 用的是 URL 编码后的值，发送的是原文。签名前不要编码。`
      )
      yield { text: sorted(fields, (text, at) => (at === name ? encodeURIComponent(text) : text)), why }
    }
    const { [name]: _, ...rest } = fields
    yield {
      text: payV2SignString(rest),
      why: say(`${name} is sent but was not signed.`, `发送了 ${name}，但没有参与签名。`)
    }
  }
}

function digest({ text, tail, key: own, type: kind }: Mistake, key: string, type: PayV2SignType): string {
  const used = own ?? key
  const signed = `${text}${tail ?? `&key=${used}`}`
  const hash = (kind ?? type) === 'MD5' ? createHash('md5') : createHmac('sha256', used)
  return hash.update(signed).digest('hex').toUpperCase()
}

/** @internal Which usual mistake gives the signature that came; the platform says no more than 签名错误. */
export function explainV2Sign(
  fields: V2Fields,
  merchant: MerchantAccount,
  key: string,
  type: PayV2SignType
): SignatureFinding {
  const given = fields.sign ?? ''
  const expected = signPayV2(fields, key, type)
  const finding = { algorithm: type, expectedText: `${payV2SignString(fields)}&key=…`, expected, given }
  if (given.toUpperCase() === expected) {
    return { ...finding, compared: 1, mistake: say('The signature must be in upper case.', '签名必须是大写。') }
  }
  let compared = 1
  for (const mistake of mistakes(fields, merchant, key, type)) {
    compared++
    if (digest(mistake, key, type) !== given.toUpperCase()) continue
    const signedText = `${mistake.text}${mistake.tail === undefined ? '&key=…' : mistake.tail && '…'}`
    return { ...finding, compared, signedText, mistake: mistake.why }
  }
  return { ...finding, compared }
}
