const MASK = '[redacted]'

/**
 * Names of fields, headers and query parameters whose values never reach a log or an error. One list for all products.
 */
const SECRET_NAMES: ReadonlySet<string> = new Set(
  [
    'access_token',
    'refresh_token',
    'component_access_token',
    'authorizer_access_token',
    'ticket',
    'jsapi_ticket',
    'api_ticket',
    'secret',
    'appsecret',
    'session_key',
    'signature',
    'msg_signature',
    'sign',
    'pay_sign',
    'key',
    'api_key',
    'api_v3_key',
    'mch_key',
    'sandbox_signkey',
    'private_key',
    'passphrase',
    'password',
    'token',
    'up_token',
    'upload_token',
    'secret_key',
    'encoding_aes_key',
    'aes_key',
    'authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'js_code',
    'encrypted_data',
    'iv',
    'mobile',
    'phone_number',
    'pure_phone_number',
    'phone',
    'auth_code',
    'enc_bank_no',
    'enc_true_name',
    're_user_name',
    'user_name',
    'user_truename',
    'user_creid',
    'creid',
    'user_id_card',
    'contract_display_account',
    'email',
    'qq',
    'package_info',
    'pfx',
    'geetest_seccode',
    'verification_code',
    'tpl_value'
  ].map(normalise)
)

/** Secret only in a query or form: elsewhere `code` is an error code and `text` a message. */
const SECRET_QUERY_NAMES = new Set(['code', 'state', 'text', 'echostr'])

function normalise(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '')
}

/** Whether a field, header or parameter of this name holds a secret or personal data. */
export function isSecretName(name: string): boolean {
  return SECRET_NAMES.has(normalise(name))
}

/** Shorter values would match ordinary words. */
const SHORTEST_SECRET = 6

/** The values of the secret query parameters of a URL, decoded and as written in it. */
export function secretsOf(url: URL | string): string[] {
  const found: string[] = []
  const { search, searchParams } = new URL(url)
  for (const pair of search.slice(1).split('&')) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, Math.max(at, 0))
    const value = pair.slice(at + 1)
    if (value.length < SHORTEST_SECRET || !(isSecretName(name) || SECRET_QUERY_NAMES.has(name.toLowerCase()))) continue
    found.push(value, searchParams.get(name) ?? value)
  }
  return found
}

/** Returns a URL as text with user name, password and secret query parameters masked. */
export function redactUrl(url: URL | string): string {
  const text = String(url).replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${MASK}@`)
  const start = text.indexOf('?')
  if (start < 0) return text
  // The lookbehind keeps it linear, as below.
  const query = text.slice(start + 1).replace(/(?<![^&#])([^&=#]+)=([^&#]*)/g, (pair, name: string) => {
    return isSecretName(name) || SECRET_QUERY_NAMES.has(name.toLowerCase()) ? `${name}=${MASK}` : pair
  })
  return `${text.slice(0, start)}?${query}`
}

/**
 * Returns a deep copy of data with the values of secret names masked, also inside text; long text is cut, depth and
 * width are limited.
 */
export function redactData(value: unknown, depth = 6): unknown {
  if (typeof value === 'string')
    return redactText(value.length > 512 ? `${value.slice(0, 512)}… (${value.length} characters)` : value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`
  if (depth <= 0) return '[…]'
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redactData(item, depth - 1))
  const copy: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value).slice(0, 100)) {
    Object.defineProperty(copy, name, {
      value: isSecretName(name) && item !== undefined && item !== '' ? MASK : redactData(item, depth - 1),
      enumerable: true,
      configurable: true,
      writable: true
    })
  }
  return copy
}

// The lookbehind keeps it linear: without it every suffix of a long word would be tried as a name.
/**
 * Masks `name=value`, `"name":"value"` (also inside another JSON text) and `<name>value</name>` of secret names in free
 * text, e.g. an upstream message. A value that is cut off at the end of the text is masked too.
 */
export function redactText(text: string): string {
  return text
    .replace(/(?<![\w-])([\w-]+)=([^&\s"'<>,;]+)/g, (all, name: string) =>
      isSecretName(name) ? `${name}=${MASK}` : all
    )
    .replace(/"([\w-]+)"\s*:\s*(?:"(?:[^"\\]|\\[\s\S])*"?|-?\d[\d.]*)/g, (all, name: string) =>
      isSecretName(name) ? `"${name}":"${MASK}"` : all
    )
    .replace(/\\"([\w-]+)\\"\s*:\s*(?:\\"[^"\\]*(?:\\")?|-?\d[\d.]*)/g, (all, name: string) =>
      isSecretName(name) ? `\\"${name}\\":\\"${MASK}\\"` : all
    )
    .replace(/<([\w-]+)>(?:<!\[CDATA\[)?[^<]*?(?:\]\]>)?<\/\1>/g, (all, name: string) =>
      isSecretName(name) ? `<${name}>${MASK}</${name}>` : all
    )
    .replace(/<([\w-]+)>(?:<!\[CDATA\[)?[^<]*$/, (all, name: string) => (isSecretName(name) ? `<${name}>${MASK}` : all))
}
