/** Fields whose values are secrets, or can be used instead of them. */
const NAMES =
  'secret|appsecret|access_token|refresh_token|session_key|sign|paySign|signature|msg_signature|apikey|api_key|token|uptoken|encryptedData|private_key|ticket'
const MASK = '••••••'

const RULES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`("(?:${NAMES})"\\s*:\\s*")[^"]{4,}(")`, 'gi'), `$1${MASK}$2`],
  [new RegExp(`(<(${NAMES})>(?:<!\\[CDATA\\[)?)[^<\\]]{4,}((?:\\]\\]>)?</\\2>)`, 'gi'), `$1${MASK}$3`],
  [new RegExp(`((?:^|[?&\\s])(?:${NAMES})=)[^&\\s"]{4,}`, 'gi'), `$1${MASK}`],
  // A part of a form with files.
  [new RegExp(`(name="(?:${NAMES})"(?:\\r?\\n[^\\r\\n]+)*\\r?\\n\\r?\\n)[^\\r\\n]+`, 'gi'), `$1${MASK}`],
  [/(signature=")[^"]+(")/gi, `$1${MASK}$2`],
  [/^((?:QBox|UpToken|Qiniu) )\S+/gm, `$1${MASK}`]
]

/** A text without secrets. */
export const maskText = (text: string): string =>
  RULES.reduce((shown, [pattern, by]) => shown.replace(pattern, by), text)

/** The value of a header without its secret. */
export function maskHeader(name: string, value: string): string {
  if (!/^(?:authorization|cookie|wechatpay-signature)$/i.test(name)) return maskText(value)
  return name.toLowerCase() === 'authorization'
    ? value.replace(/(signature=")[^"]+|^(\S+ )(?!.*signature=).+/, `$1$2${MASK}`)
    : MASK
}
