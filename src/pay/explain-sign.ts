import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Hint } from '../errors/index.ts'
import { invalidParam } from '../internal/invalid-param.ts'

/** The request to explain. */
export interface ExplainSignParams {
  method: string
  /** URL, or path with its query, exactly as sent. */
  url: string | URL
  /** The exact text that was sent; empty for a GET. For an upload, the JSON of the `meta` part. */
  body?: string | undefined
  /** The `Authorization` header that was sent or refused. */
  authorization?: string | undefined
}

/** Explanation of the signature of a request. */
export interface SignExplanation {
  /** The five signed lines, each ending in LF. */
  readonly message: string
  /** The parts of the given header, without the signature. */
  readonly parts: Readonly<Record<string, string>>
  /** Whether the given signature is right; `undefined` without one. */
  readonly isValid: boolean | undefined
  /** The mistake with which the signature could be reproduced; otherwise the usual causes, in order. */
  readonly causes: readonly (Hint & { readonly isCertain: boolean })[]
}

interface Lines {
  method: string
  target: string
  timestamp: string
  nonce: string
  body: string
  isLastLineEnded: boolean
}

/** @internal */
export interface ExplainContext {
  privateKey: KeyObject
  mchId: string
  serial: string
  nowMs: number
}

/** @internal */
export function explainSign(params: ExplainSignParams, context: ExplainContext): SignExplanation {
  const lines = readLines(params)
  const parts = readAuthorization(params.authorization)
  const { signature, ...shown } = parts
  const full = { ...lines, timestamp: parts.timestamp ?? '<timestamp>', nonce: parts.nonce_str ?? '<nonce_str>' }
  if (!signature) return { message: write(full), parts: shown, isValid: undefined, causes: usualCauses() }
  const publicKey = createPublicKey(context.privateKey)
  const fits = (candidate: Lines) =>
    verify('sha256', Buffer.from(write(candidate)), publicKey, Buffer.from(signature, 'base64'))
  const isValid = fits(full)
  const certain = [...checkParts(shown, context), ...(isValid ? [] : findMistakes(full, fits))]
  const causes = certain.length > 0 || isValid ? certain : usualCauses()
  return { message: write(full), parts: shown, isValid, causes }
}

function readLines(params: ExplainSignParams): Lines {
  const { method, url, body = '' } = params ?? {}
  if (typeof method !== 'string' || typeof body !== 'string') {
    throw invalidParam(
      'pay',
      'explainSign',
      'body',
      'and method must be the exact text that was sent. Nothing was sent'
    )
  }
  if (typeof url !== 'string' && !(url instanceof URL)) {
    throw invalidParam(
      'pay',
      'explainSign',
      'url',
      'must be text or a URL: the exact URL that was requested. Nothing was sent'
    )
  }
  const text = String(url)
  // Only the host is removed: a URL parser would repair what was sent wrongly.
  const target = text.replace(/^https?:\/\/[^/]+/, '') || '/'
  return { method: method.toUpperCase(), target, timestamp: '', nonce: '', body, isLastLineEnded: true }
}

function write({ method, target, timestamp, nonce, body, isLastLineEnded }: Lines): string {
  return `${method}\n${target}\n${timestamp}\n${nonce}\n${body}${isLastLineEnded ? '\n' : ''}`
}

function readAuthorization(header: string | undefined): Record<string, string> {
  const parts: Record<string, string> = {}
  if (header !== undefined && header !== null && typeof header !== 'string') {
    throw invalidParam('pay', 'explainSign', 'authorization', 'must be the header as text, as it was sent')
  }
  for (const [, name = '', value = ''] of header?.matchAll(/([a-z_]{1,20})="([^"]{0,1024})"/g) ?? [])
    parts[name] = value
  return parts
}

function checkParts(parts: Record<string, string>, context: ExplainContext): SignExplanation['causes'] {
  const causes: (Hint & { isCertain: boolean })[] = []
  if (parts.serial_no !== context.serial) {
    causes.push(
      cause(
        `serial_no is ${parts.serial_no}, but certSerial is ${context.serial}.`,
        `serial_no 为 ${parts.serial_no}，而 certSerial 为 ${context.serial}。`,
        true
      )
    )
  }
  if (parts.mchid !== context.mchId) {
    causes.push(
      cause(
        `mchid is ${parts.mchid}, but mchId is ${context.mchId}.`,
        `mchid 为 ${parts.mchid}，而 mchId 为 ${context.mchId}。`,
        true
      )
    )
  }
  const age = Math.round(context.nowMs / 1000) - Number(parts.timestamp)
  if (!(Math.abs(age) <= 300)) {
    causes.push(
      cause(
        `timestamp is ${Math.abs(age)} s from now; 300 s are accepted, and it is in seconds.`,
        `timestamp 与当前相差 ${Math.abs(age)} 秒；允许 300 秒，且单位为秒。`,
        true
      )
    )
  }
  return causes
}

const mistakes = (): readonly { en: string; zh: string; change(lines: Lines): Lines }[] => [
  {
    en: 'The query was left out: path and query must be signed.',
    zh: '漏签了查询参数：需签名路径加查询串。',
    change: (lines) => ({ ...lines, target: lines.target.replace(/\?.*$/, '') })
  },
  {
    en: 'The URL was signed with its host: only path and query must be signed.',
    zh: '签名用了含域名的完整网址：只签路径与查询串。',
    change: (lines) => ({ ...lines, target: `https://api.mch.weixin.qq.com${lines.target}` })
  },
  {
    en: 'The path was signed decoded: sign it as it is sent, percent-encoded once.',
    zh: '签名用了解码后的路径：应按实际发送的编码形式签名。',
    change: (lines) => ({ ...lines, target: decode(lines.target) })
  },
  {
    en: 'The method was signed in lower case.',
    zh: 'HTTP 方法未大写。',
    change: (lines) => ({ ...lines, method: lines.method.toLowerCase() })
  },
  {
    en: 'The line break at the end is missing: every line ends with one, including the last.',
    zh: '末尾缺少换行符：每一行（包括最后一行）都以换行结尾。',
    change: (lines) => ({ ...lines, isLastLineEnded: false })
  },
  {
    en: 'The body was left out.',
    zh: '漏签了请求体。',
    change: (lines) => ({ ...lines, body: '' })
  },
  {
    en: 'The body was serialised again after signing: sign exactly the text that is sent.',
    zh: '签名后又重新序列化了请求体：应对实际发送的文本签名。',
    change: (lines) => ({ ...lines, body: compact(lines.body) })
  },
  {
    en: 'Non-ASCII characters were escaped (\\uXXXX) on one side only.',
    zh: '仅一侧对非 ASCII 字符做了 \\uXXXX 转义。',
    change: (lines) => ({ ...lines, body: escapeUnicode(lines.body) })
  },
  {
    en: 'The body has slashes escaped (\\/) on one side only.',
    zh: '仅一侧对斜杠做了转义。',
    change: (lines) => ({ ...lines, body: lines.body.replaceAll('/', '\\/') })
  }
]

function findMistakes(lines: Lines, fits: (candidate: Lines) => boolean): SignExplanation['causes'] {
  return mistakes()
    .filter((mistake) => fits(mistake.change(lines)))
    .map(({ en, zh }) => cause(en, zh, true))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}

function escapeUnicode(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** In order of frequency. */
const usualCauses = (): SignExplanation['causes'] => [
  cause(
    'The private key does not belong to the certificate that serial_no names: take both from the same download.',
    '私钥与 serial_no 对应的证书不匹配：请使用同一次下载的私钥与证书。'
  ),
  cause(
    'The sent request is not the signed one: a proxy or middleware changed path, query or body.',
    '发送内容与签名内容不一致：代理或中间件改动了路径、查询串或请求体。'
  ),
  cause(
    'serial_no is the serial number of the platform certificate, or is decimal: it must be that of apiclient_cert.pem, in hexadecimal.',
    'serial_no 用了平台证书序列号或十进制：应为 apiclient_cert.pem 的十六进制序列号。'
  ),
  cause('The clock is more than 300 s off.', '本机时钟偏差超过 300 秒。')
]

function cause(en: string, zh: string, isCertain = false): Hint & { isCertain: boolean } {
  return { en, zh, isCertain }
}
