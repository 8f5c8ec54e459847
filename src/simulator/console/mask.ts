import { isMasked } from './settings.ts'

/** Fields whose values are secrets, or can be used instead of them. */
const NAMES =
  'secret|appsecret|access_token|refresh_token|session_key|sign|paySign|signature|msg_signature|apikey|api_key|token|uptoken|encryptedData|private_key|ticket'
const MASK = '••••••'

const RULES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`("(?:${NAMES})"\\s*:\\s*")[^"]{4,}(")`, 'gi'), `$1${MASK}$2`],
  [new RegExp(`(<(${NAMES})>(?:<!\\[CDATA\\[)?)[^<\\]]{4,}((?:\\]\\]>)?</\\2>)`, 'gi'), `$1${MASK}$3`],
  [new RegExp(`([?&\\s^](?:${NAMES})=)[^&\\s"]{4,}`, 'gi'), `$1${MASK}`],
  [/(signature=")[^"]+(")/gi, `$1${MASK}$2`],
  [/^((?:QBox|UpToken|Qiniu) )\S+/gm, `$1${MASK}`]
]

/** A text without secrets, unless somebody wants to see them. */
export function masked(text: string): string {
  if (!isMasked.value) return text
  return RULES.reduce((shown, [pattern, by]) => shown.replace(pattern, by), text)
}

/** A header without its secret. */
export function maskedHeader(name: string, value: string): string {
  if (!isMasked.value) return value
  if (/^(?:authorization|cookie|wechatpay-signature)$/i.test(name)) {
    return name.toLowerCase() === 'authorization'
      ? value.replace(/(signature=")[^"]+|^(\S+ )(?!.*signature=).+/, `$1$2${MASK}`)
      : MASK
  }
  return masked(value)
}
