import { createHash } from 'node:crypto'
import { signGateway } from '../crypto/gateway-crypto.ts'
import type { SignatureFinding } from '../framework/signature-finding.ts'

const HIDDEN_TOKEN = '⟨token⟩'
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')

interface SignedReply {
  readonly token: string
  readonly timestamp: string
  readonly nonce: string
  readonly encrypt: string
}

/** @internal What is wrong with the `MsgSignature` of an encrypted reply: WeChat shows the person an error and says nothing. */
export function explainReplySign({ token, timestamp, nonce, encrypt }: SignedReply, given: string): SignatureFinding {
  const parts = [token, timestamp, nonce, encrypt]
  const shown = (list: readonly string[]) => list.map((part) => (part === token ? HIDDEN_TOKEN : part)).join('\n')
  const sorted = (list: readonly string[]) => [...list].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const expected = signGateway(...parts)
  const finding = { algorithm: 'SHA-1', expectedText: shown(sorted(parts)), expected, given }
  const tried: readonly (readonly [list: readonly string[], signed: string, en: string, zh: string])[] = [
    [sorted(parts), expected.toUpperCase(), 'The signature must be in lower case.', '签名必须是小写。'],
    [
      parts,
      sha1(parts.join('')),
      'The four parts were not sorted before they were joined.',
      '四个部分在拼接前没有排序。'
    ],
    [
      sorted(parts.slice(0, 3)),
      signGateway(...parts.slice(0, 3)),
      'Encrypt was left out: it is signed with token, timestamp and nonce.',
      '漏了 Encrypt：它要和 token、时间戳、随机串一起签名。'
    ],
    [sorted(parts.slice(1)), signGateway(...parts.slice(1)), 'The token was left out.', '漏了 token。'],
    [sorted(parts), sha1(sorted(parts).join('\n')), 'The parts were joined with line breaks.', '拼接时多了换行。'],
    [sorted(parts), sha1(sorted(parts).join('&')), 'The parts were joined with "&".', '拼接时多了「&」。']
  ]
  const found = tried.findIndex(([, signed]) => signed === given)
  const mistake = tried[found]
  if (!mistake) return { ...finding, compared: tried.length + 1 }
  const [list, , en, zh] = mistake
  return { ...finding, compared: found + 2, signedText: shown(list), mistake: { en, zh } }
}
