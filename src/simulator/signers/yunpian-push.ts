import { signReply } from '../crypto/yunpian.ts'
import { pushRequest } from '../crypto/yunpian-push.ts'
import { checkSignerOptions } from './check-signer-options.ts'

/** One report of a message. */
export interface YunpianStatusItem {
  /** 64-bit id as decimal text; a bare number on the wire. */
  readonly sid: string
  readonly mobile: string
  readonly report_status?: 'SUCCESS' | 'FAIL' | undefined
  readonly uid?: string | null | undefined
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  readonly user_receive_time?: string | undefined
  readonly error_msg?: string | undefined
  readonly error_detail?: string | undefined
}

/** Options of pushed status reports (状态报告). */
export interface YunpianStatusPushOptions {
  readonly statuses: readonly YunpianStatusItem[]
  /** Where the application receives pushes. */
  readonly url?: string | URL | undefined
  /** Encodes the field once more, as some of the platform's servers do. */
  readonly encodedTwice?: boolean | undefined
}

/**
 * A push of status reports (状态报告推送) as a `Request` for your status handler. Such pushes carry no signature.
 *
 * @param options Up to 100 reports.
 * @example
 * import { yunpianStatusPush } from 'weixin-kit/simulator'
 *
 * const request = yunpianStatusPush({ statuses: [{ sid: '9223372036854775807', mobile: '13800138000' }] })
 * console.log(request.url)
 */
export function yunpianStatusPush(options: YunpianStatusPushOptions): Request {
  const items = options.statuses.map((status) => ({
    uid: null,
    user_receive_time: '2025-01-01 08:00:00',
    error_msg: '',
    report_status: 'SUCCESS',
    ...status,
    sid: BigInt(status.sid)
  }))
  const url = options.url ?? 'https://app.example.com/yunpian/status'
  return pushRequest('sms_status', items, url, options.encodedTwice)
}

/** Options of a pushed SMS reply (上行). */
export interface YunpianReplyPushOptions {
  readonly apiKey: string
  readonly mobile: string
  readonly text: string
  readonly id?: string | undefined
  readonly extend?: string | undefined
  readonly base_extend?: string | undefined
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  readonly reply_time?: string | undefined
  readonly url?: string | URL | undefined
  readonly encodedTwice?: boolean | undefined
  /** Makes exactly one thing wrong. */
  readonly tamper?: 'signature' | 'text' | undefined
}

/**
 * A push of a reply (上行短信推送), signed, as a `Request` for your reply handler.
 *
 * @param options The reply and the apikey that signs it.
 * @example
 * import { yunpianReplyPush } from 'weixin-kit/simulator'
 *
 * const request = yunpianReplyPush({ apiKey: '0123456789abcdef0123456789abcdef', mobile: '13800138000', text: 'TD' })
 * console.log(request.url)
 */
export function yunpianReplyPush(options: YunpianReplyPushOptions): Request {
  checkSignerOptions('yunpianReplyPush', options, ['apiKey', 'mobile', 'text'], ['signature', 'text'])
  const reply = {
    base_extend: options.base_extend ?? '8888',
    extend: options.extend ?? '',
    id: options.id ?? '2a70c6bb4f2845da816ea1bfe5732747',
    mobile: options.mobile,
    reply_time: options.reply_time ?? '2025-01-01 08:00:00',
    text: options.text
  }
  const sign = signReply(options.apiKey, reply)
  const sent = {
    ...reply,
    ...(options.tamper === 'text' ? { text: `${reply.text}!` } : {}),
    _sign: options.tamper === 'signature' ? `${sign.startsWith('0') ? '1' : '0'}${sign.slice(1)}` : sign
  }
  return pushRequest('sms_reply', sent, options.url ?? 'https://app.example.com/yunpian/reply', options.encodedTwice)
}
