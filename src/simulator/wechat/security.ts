import type { Route } from '../framework/service.ts'
import { api, integer, knownOpenid, text } from './api.ts'
import { Refusal } from './errcodes.ts'
import { pushMediaCheck } from './gateway-events.ts'
import { formatOf } from './media-format.ts'
import type { AccountState, WeChatState } from './state.ts'
import { uploadedFile } from './uploaded-file.ts'

const TWO_HOURS_MS = 7_200_000
const MIB = 1024 * 1024

/** Words that the simulator finds risky, by label, so that a test can provoke every response. */
const RISKY_WORDS: readonly (readonly [string, number])[] = [
  ['特3456书yuuo莞6543李zxcz蒜7782法fgnv级', 20001],
  ['simulator-risky', 20006],
  ['simulator-advertising', 10001],
  ['simulator-fraud', 20008]
]
const REVIEW_WORD = 'simulator-review'

/** What a text is found to be. */
export function judgeText(content: string): { suggest: 'pass' | 'risky' | 'review'; label: number } {
  const hit = RISKY_WORDS.find(([word]) => content.includes(word))
  if (hit) return { suggest: 'risky', label: hit[1] }
  return content.includes(REVIEW_WORD) ? { suggest: 'review', label: 21_000 } : { suggest: 'pass', label: 100 }
}

function requireRecent(wx: WeChatState, state: AccountState, openid: string): void {
  if (wx.now - (state.lastActive.get(openid) ?? Number.NEGATIVE_INFINITY) > TWO_HOURS_MS) throw new Refusal(61010)
}

/** Content security (内容安全) and risk rank. */
export function securityRoutes(wx: WeChatState): Route[] {
  const kinds = ['miniProgram'] as const
  return [
    api(
      wx,
      'POST',
      '/wxa/msg_sec_check',
      (call) => {
        const { body, state } = call
        const content = text(body.content, 44002)
        if ([...content].length > 2500) throw new Refusal(45002)
        if (body.version !== 2) {
          // Version 1 only says whether.
          if (judgeText(content).suggest !== 'pass') throw new Refusal(87014)
          return {}
        }
        integer(body.scene, 40129, 1, 4)
        const openid = knownOpenid(call, body.openid)
        requireRecent(wx, state, openid)
        const whole = [content, body.title, body.nickname, body.signature]
          .filter((one) => typeof one === 'string')
          .join('\n')
        const result = judgeText(whole)
        return {
          result,
          detail: [
            { strategy: 'content_model', errcode: 0, ...result, prob: 90 },
            {
              strategy: 'keyword',
              errcode: 0,
              ...result,
              ...(result.suggest === 'pass' ? {} : { level: 20, keyword: '***' })
            }
          ],
          trace_id: wx.context.random.hex(24)
        }
      },
      { kinds }
    ),
    api(
      wx,
      'POST',
      '/wxa/media_check_async',
      (call) => {
        const { body, state, account } = call
        const url = text(body.media_url, 41010)
        if (!/^https?:\/\//.test(url)) throw new Refusal(40097)
        integer(body.media_type, 40097, 1, 2)
        if (body.version !== 2) throw new Refusal(40097)
        integer(body.scene, 40129, 1, 4)
        const openid = knownOpenid(call, body.openid)
        requireRecent(wx, state, openid)
        const trace_id = `${wx.context.random.hex(8)}-${wx.context.random.hex(8)}-${wx.context.random.hex(16)}`
        pushMediaCheck(wx, account, openid, trace_id, judgeText(url))
        return { trace_id }
      },
      { kinds }
    ),
    api(
      wx,
      'POST',
      '/wxa/img_sec_check',
      async ({ exchange }) => {
        const { bytes, filename } = await uploadedFile(exchange)
        if (bytes.length > MIB) throw new Refusal(40006)
        if (!formatOf(bytes)?.startsWith('image/')) throw new Refusal(40137)
        if (judgeText(filename).suggest !== 'pass') throw new Refusal(87014)
        return {}
      },
      { kinds, multipart: true }
    ),
    api(
      wx,
      'POST',
      '/wxa/getuserriskrank',
      (call) => {
        const { body, account, state } = call
        if (body.appid !== account.appId) throw new Refusal(40013)
        const openid = knownOpenid(call, body.openid)
        integer(body.scene, 40129, 0, 1)
        text(body.client_ip, 40097)
        // "unoin_id" is how the platform spells it.
        return { risk_rank: state.riskRanks.get(openid) ?? 0, unoin_id: wx.context.random.int(1, 2 ** 31) }
      },
      { kinds }
    )
  ]
}
