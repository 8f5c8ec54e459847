import { checkOptions, required, text } from '../../core/options.ts'
import type { Hint } from '../../errors/index.ts'
import { invalidParam } from '../../internal/invalid-param.ts'
import { parseXml } from '../../internal/xml/index.ts'
import { wrongDate } from '../common/beijing-time.ts'
import { toText } from './params.ts'
import { SIGN_TYPES, Signer, type SignType, stringToSign } from './signer.ts'

/** Explanation of a signature, for comparison with the other side. */
export interface SignExplanation {
  /** `name=value&…&key=******`: the hashed text, with the key masked. */
  readonly text: string
  readonly signatures: Readonly<Record<SignType, string>>
  /** The `sign` that was among the parameters. */
  readonly given: string | undefined
  /** The type with which `given` is right; `undefined` if it is wrong or absent. */
  readonly matches: SignType | undefined
  /** Names that are not signed: `sign`, and those without a value. */
  readonly ignored: readonly string[]
  /** The mistake with which `given` could be reproduced, then the usual causes, in order. */
  readonly causes: readonly SignCause[]
}

/** A usual mistake, and whether it explains the given signature. */
export interface SignCause extends Hint {
  /** `true`: the given signature is the result of exactly this mistake. */
  readonly isCertain: boolean
}

/** Options of `explainSign`. */
export interface ExplainSignOptions {
  /** The API v2 key (API 密钥). It appears nowhere in the result. */
  apiKey: string
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Explains the signature of parameters: the sorted text with the key masked, the signature of each type and, if a
 * `sign` is among them, the mistake that leads to it.
 *
 * @param params parameters of a request, a response or a client call, or a whole XML message
 * @throws {ConfigError} ERR_CONFIG, ERR_INVALID_PARAM
 * @throws {BodyError} ERR_BODY_MALFORMED for text that is no XML message
 * @example
 * const { text, signatures, causes } = explainSign(
 *   { appid: 'wxd930ea5d5a258f4f', mch_id: '10000100', nonce_str: 'ibuaiVcKdpRxkhJA' },
 *   { apiKey: '192006250b4c09247ec02edce69f6a2d' }
 * )
 */
export function explainSign(params: Fields | string, options: ExplainSignOptions): SignExplanation {
  checkOptions(options, { apiKey: required(text()) }, { owner: 'explainSign', product: 'pay' })
  return explainWith(params, new Signer(options.apiKey), describeKey(options.apiKey))
}

/** @internal */
export function explainWith(
  params: Fields | string,
  signer: Signer,
  keyCauses: readonly SignCause[] = []
): SignExplanation {
  const fields = readFields(params)
  const given = typeof fields.sign === 'string' && fields.sign !== '' ? fields.sign : undefined
  const ignored = Object.keys(fields).filter((name) => name === 'sign' || isEmpty(fields[name]))
  const signedText = stringToSign(fields)
  const signatures = {
    'HMAC-SHA256': signer.signText(signedText, 'HMAC-SHA256'),
    MD5: signer.signText(signedText, 'MD5')
  }
  const matches = given === undefined ? undefined : SIGN_TYPES.find((type) => signer.verify(fields, given, type))
  const certain = given === undefined || matches ? [] : findMistakes(fields, given, signer)
  const causes = matches === undefined ? [...keyCauses, ...certain, ...usualCauses()] : checkType(fields, matches)
  return { text: `${signedText}&key=******`, signatures, given, matches, ignored, causes }
}

function readFields(params: Fields | string): Fields {
  if (typeof params === 'string') return parseXml(params)
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw invalidParam('pay', 'explainSign', 'params', 'must be an object of parameters, or an XML message')
  }
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(params)) {
    const isPlain = isEmpty(value) || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
    const sent = isPlain ? value : value instanceof Date && wrongDate(value) ? undefined : toText(value)
    if (sent === undefined && !isPlain) {
      throw invalidParam('pay', 'explainSign', name, 'must be text, a number, or what is sent as JSON')
    }
    fields[name] = sent
  }
  return fields
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function checkType(fields: Fields, matches: SignType): SignCause[] {
  const named = isEmpty(fields.sign_type) ? 'MD5' : fields.sign_type
  if (named === matches || fields.return_code !== undefined || fields.paySign !== undefined) return []
  return [
    cause(
      `The signature is right for ${matches}, but sign_type says ${String(named)} (MD5 if absent): WeChat Pay will use that one.`,
      `签名按 ${matches} 计算是正确的，但 sign_type 为 ${String(named)}（缺省为 MD5），微信会按后者验签。`,
      true
    )
  ]
}

function describeKey(key: string): SignCause[] {
  if (key.length === 32) return []
  return [
    cause(
      `The key has ${key.length} characters; an API v2 key has 32.`,
      `密钥长度为 ${key.length}，APIv2 密钥应为 32 位。`,
      true
    )
  ]
}

/** Mistakes that can be reproduced: if one of them yields the sent signature, it is the cause. */
const mistakes = (): readonly { en: string; zh: string; text(fields: Fields): string }[] => [
  {
    en: 'Empty values were signed: leave them out of the signature and of the XML.',
    zh: '空值参与了签名：空值既不能签名，也不要放进 XML。',
    text: (fields) => join(fields, (value) => String(value ?? ''))
  },
  {
    en: 'CDATA marks were signed: sign the values and wrap them afterwards.',
    zh: '把 CDATA 标记一起签了名：应先对原值签名，再包 CDATA。',
    text: (fields) => join(dropEmpty(fields), (value) => `<![CDATA[${value}]]>`)
  },
  {
    en: 'Values were URL-encoded before signing: sign them as they are.',
    zh: '签名前对值做了 URL 编码：应对原值签名。',
    text: (fields) => join(dropEmpty(fields), (value) => encodeURIComponent(String(value)))
  },
  {
    en: 'Values were escaped for XML before signing: sign them as they are.',
    zh: '签名前对值做了 XML 转义：应对原值签名。',
    text: (fields) => join(dropEmpty(fields), (value) => escapeXml(String(value)))
  },
  {
    en: 'Values were trimmed before signing: sign them as they are sent.',
    zh: '签名前去掉了首尾空格：应对实际发送的值签名。',
    text: (fields) => join(dropEmpty(fields), (value) => String(value).trim())
  },
  {
    en: 'The parameters were not sorted by name (ASCII order).',
    zh: '参数未按参数名 ASCII 码升序排序。',
    text: (fields) => join(dropEmpty(fields), String, (names) => names)
  },
  {
    en: 'The parameters were sorted without regard to case: upper-case names come first.',
    zh: '排序忽略了大小写：大写字母应排在小写之前。',
    text: (fields) =>
      join(dropEmpty(fields), String, (names) => names.sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)))
  },
  {
    en: 'sign_type was sent but not signed: it must be signed like every other parameter.',
    zh: '发送了 sign_type 却未参与签名：它也要参与签名。',
    text: (fields) => join(dropEmpty({ ...fields, sign_type: '' }), String)
  },
  {
    en: 'appId was not signed: it must be signed even if the client does not pass it.',
    zh: 'appId 未参与签名：即使前端不传也要参与签名。',
    text: (fields) => join(dropEmpty({ ...fields, appId: '' }), String)
  }
]

function findMistakes(fields: Fields, given: string, signer: Signer): SignCause[] {
  const upper = given.toUpperCase()
  if (given !== upper && SIGN_TYPES.some((type) => signer.verify(fields, upper, type))) {
    return [cause('The signature is in lower case; it must be in upper case.', '签名未转为大写。', true)]
  }
  const found = mistakes().filter((mistake) => {
    const wrong = mistake.text(fields)
    return SIGN_TYPES.some((type) => signer.signText(wrong, type) === upper)
  })
  return found.map(({ en, zh }) => cause(en, zh, true))
}

function dropEmpty(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)))
}

function join(
  fields: Fields,
  write: (value: unknown) => string,
  order: (names: string[]) => string[] = (names) => names.sort()
): string {
  const names = order(Object.keys(fields).filter((name) => name !== 'sign'))
  return names.map((name) => `${name}=${write(fields[name])}`).join('&')
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** In order of frequency. */
const usualCauses = (): readonly SignCause[] => [
  cause(
    'The key is not the API v2 key of this mch_id: the APIv3 key, the key of another merchant, or one replaced in the merchant platform (账户中心 > API 安全). The sandbox has a separate key.',
    '密钥不是该商户号的 APIv2 密钥：误用 APIv3 密钥、其他商户的密钥，或已在「账户中心 > API 安全」重置；沙箱使用单独的密钥。'
  ),
  cause(
    'The two sides use different sign types: MD5 applies if sign_type is absent, and the client call must use the type of the order.',
    '双方签名类型不一致：未传 sign_type 时按 MD5；调起支付须与下单的签名类型一致。'
  ),
  cause(
    'The sent parameters are not the signed ones: a value was added, changed, trimmed or re-encoded after signing. Compare the text above with the body on the wire.',
    '签名后又增删或改动了参数、去空格或转码：请将上面的字符串与实际发送内容逐字对比。'
  ),
  cause(
    'Names differ by case: timeStamp, nonceStr, package, signType for JSAPI; all lower case for APP.',
    '参数名大小写错误：JSAPI 为 timeStamp、nonceStr、package、signType；APP 全部小写。'
  ),
  cause('The text was not UTF-8 when it was hashed.', '计算签名时字符串不是 UTF-8 编码。')
]

function cause(en: string, zh: string, isCertain = false): SignCause {
  return { en, zh, isCertain }
}
